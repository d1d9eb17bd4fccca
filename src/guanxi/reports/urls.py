"""Addresses of reports beside those every resource has; writing one stands in the place of the usual form."""

from django.urls import path

from guanxi.reports.pages import overview, settings, writing

urlpatterns = [
    path("reports/new/", writing.write, name="report_write"),
    path("reports/people/", writing.people, name="report_people"),
    path("reports/team/", overview.overview, name="report_overview"),
    path("settings/reports/", settings.duties, name="report_duties"),
    path("settings/reports/<uuid:duty_id>/remove/", settings.duty_remove, name="report_duty_remove"),
]
