"""Moving in from another CRM: its files together, with keys that lead from one to the other, as one operation."""
