from guanxi.marketing.resources.leads import Leads

__all__ = ["Leads"]
