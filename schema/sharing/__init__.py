"""To whom a booklet is communicated: share links, consents, regional sites, the log of accesses."""
