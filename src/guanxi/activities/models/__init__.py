from guanxi.activities.models.activity import Activity, Participant
from guanxi.activities.models.commitment import Commitment, Escalated
from guanxi.activities.models.keeping import Feed, Reminded
from guanxi.activities.models.letter import Letter
from guanxi.activities.models.visit import CheckIn, DayOrder

__all__ = [
    "Activity",
    "CheckIn",
    "Commitment",
    "DayOrder",
    "Escalated",
    "Feed",
    "Letter",
    "Participant",
    "Reminded",
]
