"""Tables of the team."""

from guanxi.team.models.handover import Handover, Share, Taken
from guanxi.team.models.registration import Registration, RunningOut

__all__ = ["Handover", "Registration", "RunningOut", "Share", "Taken"]
