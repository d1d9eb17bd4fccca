"""Guanxi: a CRM for companies that sell to companies. ARCHITECTURE.md has the floors and rooms."""
