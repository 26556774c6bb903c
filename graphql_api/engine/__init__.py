"""GraphQL over HTTP: documents, limits, completion, encoding, threads; it knows no booklet."""
