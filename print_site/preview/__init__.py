"""The designers' preview: the theme with samples, on this machine, drawn anew at each change."""
