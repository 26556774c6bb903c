"""How a field, a rubric and a rule are described: once, beside the field."""
