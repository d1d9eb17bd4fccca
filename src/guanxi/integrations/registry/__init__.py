"""Company registries: what is on record of a company, asked of a provider the company has an account with.

facts      what a provider tells, read out of its JSON; no network
address    which addresses may be asked: none inside the network this runs in
client     one provider's account: requests, retries, limits (the protocol: docs/company-registry.md)
services   settings, asking, the log of calls
pages, api the administrator's page and the API

Nothing here knows customers: they ask `services.search` and `services.fetch`.
"""
