"""Addresses of moving in."""

from django.urls import path

from guanxi.integrations.moves.pages import one, sets

urlpatterns = [
    path("settings/moves/", sets.moves, name="moves"),
    path("settings/moves/<uuid:id>/", one.move, name="move"),
    path("settings/moves/<uuid:id>/progress/", one.move_progress, name="move_progress"),
]
