"""Leads that lie in pools."""

from guanxi.customers.queries.lying import Lying
from guanxi.marketing.models import Lead, LeadTransfer

LYING = Lying(Lead, LeadTransfer, "lead", "marketing.lead.claim")
