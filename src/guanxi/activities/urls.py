"""Addresses of the timeline, of what is planned, of Today and the calendar."""

from django.urls import path

from guanxi.activities.pages import brief, calendar, ticking, timeline, today

urlpatterns = [
    path("today/", today.today, name="today"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feed/", calendar.feed, name="calendar_feed"),
    path("calendar/feed/end/", calendar.feed_end, name="calendar_feed_end"),
    path("calendar/guanxi.ics", calendar.calendar_file, name="calendar_file"),
    path("brief/<slug:resource>/<uuid:id>/", brief.brief, name="brief"),
    path("timeline/<slug:resource>/<uuid:id>/", timeline.record_timeline, name="timeline"),
    path("timeline/<slug:resource>/<uuid:id>/people/", timeline.timeline_people, name="timeline_people"),
    path("activities/<uuid:activity_id>/tick/", ticking.tick, name="activity_tick"),
    path("activities/<uuid:activity_id>/postpone/", ticking.postpone, name="activity_postpone"),
]
