"""Addresses of channels."""

from django.urls import URLPattern, path

from guanxi.channels.pages import mailbox

urlpatterns: list[URLPattern] = [
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/keeping/", mailbox.mailbox_keeping, name="mailbox_keeping"),
    path("mailbox/read/", mailbox.mailbox_read, name="mailbox_read"),
    path("mailbox/end/", mailbox.mailbox_end, name="mailbox_end"),
    path("mailbox/mail/<uuid:id>/again/", mailbox.mail_again, name="mail_again"),
    path("mailbox/mail/<uuid:id>/discard/", mailbox.mail_discard, name="mail_discard"),
]
