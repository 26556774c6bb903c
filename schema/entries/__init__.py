"""The entries of a booklet, its holder and their situation: types, inputs, stored shapes."""
