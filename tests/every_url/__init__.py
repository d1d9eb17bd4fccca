"""The third wall's test: every address × every kind of user × another company.

`routes` walks the resolver, `cast` is who calls, `targets` what they ask for, `table` what each may do.
"""
