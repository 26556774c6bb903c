"""The demo: two full booklets as data, entered through the same verbs as any other write."""
