"""Addresses of what a phone keeps. Scripts know them by heart (`phone/*.js`): they stay as they are."""

from django.urls import path

from guanxi.offline.pages import bundle, shell

urlpatterns = [
    path("sw.js", shell.service_worker, name="service_worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("offline/", shell.offline, name="offline"),
    path("offline/customers/", bundle.customers, name="offline_customers"),
    path("offline/hello/", shell.hello, name="offline_hello"),
]
