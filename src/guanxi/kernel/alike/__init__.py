"""Are these two the same company, the same person? Pure: no database, nothing is asked twice, nothing raises.

verdicts    what an answer is: certainty, reasons as codes, whether it is a branch
company     a company as it is compared, and the keys its candidates are found by
comparing   two companies: the rule book's verdict
person      a person as it is compared, and the keys
scoring     two persons: log-odds of field by field, and the verdict
weights     the weights and thresholds of persons, with where they come from
distances   how far two words are apart
index       candidates by keys in memory: for rows of one file among themselves, and for measuring

A table of (company, kind, key) finds the candidates of a record by equality of any of its keys.
"""
