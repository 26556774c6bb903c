"""The « Panorama »: figures computed from entries when they are read, never kept."""
