"""The panorama: figures, timeline and matrix of competences."""
