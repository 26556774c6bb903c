"""Tables, sealing, transactions, and the rows of booklets, links, consents and the log of accesses."""
