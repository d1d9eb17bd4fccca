"""The HTTP API, generated from resource declarations: the door "api" to the same services as every other.

One request is one transaction of one company, rolled back wherever the answer is an error. Every error is
problem details (RFC 9457). We own tokens, the wire's rules and the shape of the JSON; we decide nothing about
records: rights, rules and changes are the resources' services'.
"""
