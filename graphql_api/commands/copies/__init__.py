"""Commands that take data out of a service and bring them back, over HTTP: records, summaries."""
