"""Statistics: monthly counts, made so that they tell of nobody."""
