"""What documents and clients take from the code."""
