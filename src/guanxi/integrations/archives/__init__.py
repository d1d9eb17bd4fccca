"""A whole company as one file: out of the product on any day, and back into an empty company.

A ZIP of open formats that a person with a text editor can read: a manifest with the sums of all files, a table as CSV
for each business table, the change log, attachments under their names. What a table's rows are is found by looking at
the models: no table is named here. docs/decisions/0012-a-company-as-one-archive.md says what the format promises.
"""
