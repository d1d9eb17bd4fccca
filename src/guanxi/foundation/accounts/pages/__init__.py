"""Screens of sign-in and of one's own account, and what allauth asks of us."""
