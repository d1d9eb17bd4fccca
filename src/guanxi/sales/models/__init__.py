"""What sales keeps."""

from guanxi.sales.models.evidence import Evidence, Proof
from guanxi.sales.models.opportunity import Move, Opportunity
from guanxi.sales.models.outlook import Outlook
from guanxi.sales.models.parts import Line, Rival, Share
from guanxi.sales.models.pipeline import LostReason, Pipeline, Stage
from guanxi.sales.models.plan import Answer, Planned, PlanStep, Question

__all__ = [
    "Answer",
    "Evidence",
    "Line",
    "LostReason",
    "Move",
    "Opportunity",
    "Outlook",
    "Pipeline",
    "PlanStep",
    "Planned",
    "Proof",
    "Question",
    "Rival",
    "Share",
    "Stage",
]
