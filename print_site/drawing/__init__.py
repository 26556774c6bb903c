"""Drawings of a page as SVG (timeline, matrix, QR code), and estimates of text sizes."""
