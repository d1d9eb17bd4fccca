"""Administration pages of people, departments, roles and the company."""
