"""Decisions of the team. Pure."""

from guanxi.team.rules.handover import SPLITS, Plan, kin

__all__ = ["SPLITS", "Plan", "kin"]
