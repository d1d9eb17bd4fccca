"""Addresses of the timeline, of what is planned, of Today and the calendar."""

from django.urls import path

from guanxi.activities.pages import ticking, timeline

urlpatterns = [
    path("timeline/<slug:resource>/<uuid:id>/", timeline.record_timeline, name="timeline"),
    path("timeline/<slug:resource>/<uuid:id>/people/", timeline.timeline_people, name="timeline_people"),
    path("activities/<uuid:activity_id>/tick/", ticking.tick, name="activity_tick"),
    path("activities/<uuid:activity_id>/postpone/", ticking.postpone, name="activity_postpone"),
]
