"""Forms: as templates show them, as requests bring them, and from what is typed to what the API takes."""
