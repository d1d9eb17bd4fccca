"""What every context stands on: companies and their walls, accounts, rights, ledger, jobs, files, search."""
