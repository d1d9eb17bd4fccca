"""The declarations of this context."""

from guanxi.activities.resources import (  # noqa: F401  register themselves
    activities,
    commitments,
    lasting,
    participants,
)
