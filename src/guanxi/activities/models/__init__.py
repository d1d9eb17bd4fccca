from guanxi.activities.models.activity import Activity, Participant
from guanxi.activities.models.keeping import Feed, Reminded

__all__ = ["Activity", "Feed", "Participant", "Reminded"]
