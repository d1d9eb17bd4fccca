"""The declarations of this context."""

from guanxi.team.resources import registrations  # noqa: F401  registers itself
