"""What others read of a booklet, or may: share links, consents, the journal of accesses; reminders."""
