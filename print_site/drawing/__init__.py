"""What a page draws: timeline, matrix and QR code as SVG, and how much room things take."""
