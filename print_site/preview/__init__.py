"""A preview for designers: the theme with sample dossiers, rendered again at each change."""
