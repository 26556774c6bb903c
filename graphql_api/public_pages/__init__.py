"""Pages for anybody: help, accessibility, legal notice, personal data, contact."""
