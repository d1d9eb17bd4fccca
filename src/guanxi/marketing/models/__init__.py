from guanxi.marketing.models.lead import Lead, LeadTransfer

__all__ = ["Lead", "LeadTransfer"]
