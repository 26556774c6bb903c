"""Commands for the two stores: migrate, sweep, check, back up, restore, and how they are."""
