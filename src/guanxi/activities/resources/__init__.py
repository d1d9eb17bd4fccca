"""The declarations of this context."""

from guanxi.activities.resources import activities, participants  # noqa: F401  register themselves
