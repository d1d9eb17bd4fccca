"""Opportunities from the first contact to won or lost, with their evidence, next steps and forecast.

We own pipelines and stages, opportunities with lines, shares and competitors, the plan of activities, interview guides,
what is forecast, and the conversion of leads.
"""
