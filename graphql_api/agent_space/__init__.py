"""The pages of an agent: their booklet, from the code to its closing."""
