"""The entries of a booklet, by part and rubric: lists, forms, drafts, and the ties between entries."""
