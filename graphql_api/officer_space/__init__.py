"""The pages of HR officers, under `/collectivite`: issue codes, print slips, list, revoke one.

They are a client of the schema, as any other, and no page tells whether somebody's booklet exists.
"""
