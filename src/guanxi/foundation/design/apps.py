"""Registers the design system with Django; nothing else happens at start-up."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "guanxi.foundation.design"
    label = "design"
