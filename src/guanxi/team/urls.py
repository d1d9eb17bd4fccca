"""Addresses of handovers, and of the settings of registrations."""

from django.urls import path

from guanxi.team.pages import handover, registration

urlpatterns = [
    path("settings/registration/", registration.registration_settings, name="registration_settings"),
    path("settings/handover/", handover.handovers, name="handovers"),
    path("settings/handover/of/", handover.handover_of, name="handover_of"),
    path("settings/handover/letter/", handover.letter_change, name="handover_letter"),
    path("settings/handover/<uuid:member_id>/", handover.handover, name="handover"),
    path("team/handovers/<uuid:handover_id>/", handover.handover_done, name="handover_done"),
    path("team/shares/<uuid:share_id>/accept/", handover.share_accept, name="handover_accept"),
    path("team/shares/<uuid:share_id>/decline/", handover.share_decline, name="handover_decline"),
]
