"""Addresses of the rights of the people we know, and of what guards against leaks."""

from django.urls import path

from guanxi.privacy.pages import guarding, person

urlpatterns = [
    path("people/<uuid:id>/personal-data/", person.personal_data, name="personal_data"),
    path("leads/<uuid:id>/personal-data/", person.lead_personal_data, name="lead_personal_data"),
    path("personal-data/<uuid:job_id>/", person.personal_data_file, name="personal_data_file"),
    path("reveal/<slug:resource>/<uuid:id>/<slug:field>/", guarding.show_veiled, name="reveal"),
    path("settings/data-security/", guarding.data_security, name="data_security"),
]
