"""What the pages of all spaces share: stored documents, run as the person of the session."""
