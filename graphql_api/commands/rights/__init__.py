"""Commands that give and take rights: officers, operators, codes, regional sites."""
