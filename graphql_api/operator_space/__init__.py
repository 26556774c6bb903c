"""The pages of those who operate the service, under `/exploitation`.

They are a client of the schema, as any other; no page shows a booklet, nor whether somebody has one.
"""
