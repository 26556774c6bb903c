"""Does things to booklets, for someone: the GraphQL service."""
