"""Addresses of the timeline, of what is planned, of Today and the calendar."""

from django.urls import path

from guanxi.activities.pages import (
    answering,
    brief,
    calendar,
    mailing,
    nearby,
    promising,
    rhythm,
    rounds,
    ticking,
    timeline,
    today,
    visits,
)

urlpatterns = [
    path("today/", today.today, name="today"),
    path("mail/<slug:resource>/<uuid:id>/", mailing.mail_write, name="mail_write"),
    path("mail/<uuid:id>/hide/", mailing.mail_hide, name="mail_hide"),
    path("settings/answering/", answering.answering_settings, name="answering_settings"),
    path("today/side/", today.today_side, name="today_side"),
    path("today/call/<uuid:id>/", today.plan_call, name="plan_call"),
    path("today/order/", rounds.day_order, name="day_order"),
    path("nearby/", nearby.nearby_page, name="nearby"),
    path("visits/", rounds.visits, name="visits"),
    path("visits/plan/", rounds.visits_plan, name="visits_plan"),
    path("visits/at/<uuid:id>/", visits.visit_customer, name="visit_customer"),
    path("visits/<uuid:activity_id>/", visits.visit, name="visit"),
    path("visits/<uuid:activity_id>/in/", visits.visit_in, name="visit_in"),
    path("visits/<uuid:activity_id>/out/", visits.visit_out, name="visit_out"),
    path("visits/<uuid:activity_id>/point/", visits.visit_point, name="visit_point"),
    path("settings/rhythm/", rhythm.rhythm_settings, name="rhythm_settings"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feed/", calendar.feed, name="calendar_feed"),
    path("calendar/feed/end/", calendar.feed_end, name="calendar_feed_end"),
    path("calendar/guanxi.ics", calendar.calendar_file, name="calendar_file"),
    path("brief/<slug:resource>/<uuid:id>/", brief.brief, name="brief"),
    path("timeline/<slug:resource>/<uuid:id>/", timeline.record_timeline, name="timeline"),
    path("timeline/<slug:resource>/<uuid:id>/people/", timeline.timeline_people, name="timeline_people"),
    path("timeline/<slug:resource>/<uuid:id>/promises/", promising.promises_found, name="promises_found"),
    path("commitments/<uuid:commitment_id>/keep/", promising.commitment_keep, name="commitment_keep"),
    path(
        "commitments/<uuid:commitment_id>/put-off/", promising.commitment_put_off, name="commitment_put_off"
    ),
    path("activities/<uuid:activity_id>/tick/", ticking.tick, name="activity_tick"),
    path("activities/<uuid:activity_id>/postpone/", ticking.postpone, name="activity_postpone"),
]
