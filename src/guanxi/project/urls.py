"""Every address. Each is behind the sign-in unless its view is marked `login_not_required`."""

from django.urls import URLPattern, URLResolver, include, path

from guanxi.project import api, companies, first_visit, health, held, metrics
from guanxi.project.frame import home
from guanxi.project.mail import page as mail_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health),
    path("ready", health.ready),
    path("metrics", metrics.metrics),
    path("setup/", first_visit.first_visit, name="first_visit"),
    path("account/", include("guanxi.foundation.accounts.urls")),
    path("", include("guanxi.foundation.permissions.urls")),
    path("", include("guanxi.foundation.ledger.urls")),
    path("", include("guanxi.foundation.jobs.urls")),
    path("", include("guanxi.foundation.notices.urls")),
    path("", include("guanxi.foundation.worktime.urls")),
    path("settings/mail/", mail_page.mail_settings, name="mail_settings"),
    path("account/company/<uuid:tenant_id>/", companies.switch, name="company"),
    path("account/see-as/stop/", companies.stop_seeing, name="see_as_stop"),
    path("account/see-as/<uuid:member_id>/", companies.see_as, name="see_as"),
    path("account/held/", held.show, name="held"),
    path("", include("guanxi.integrations.api.urls")),
    path("", include("guanxi.integrations.registry.urls")),
    path("", include("guanxi.integrations.archives.urls")),
    path("", include("guanxi.integrations.moves.urls")),
    path("api/", include(api.urls())),
    path("", home, name="home"),
    path("", include("guanxi.integrations.urls")),
    path("", include("guanxi.tailoring.urls")),
    path("", include("guanxi.collaboration.urls")),
    path("", include("guanxi.channels.urls")),
    path("", include("guanxi.activities.urls")),
    path("", include("guanxi.catalog.urls")),
    path("", include("guanxi.marketing.urls")),
    path("", include("guanxi.sales.urls")),
    path("", include("guanxi.privacy.urls")),
    path("", include("guanxi.team.urls")),
    path("", include("guanxi.offline.urls")),
    path("", include("guanxi.reports.urls")),
    path("", include("guanxi.customers.urls")),
    path("", include("guanxi.screens.urls")),
]

handler400 = "guanxi.project.api.bad_request"
handler403 = "guanxi.project.api.denied"
handler404 = "guanxi.project.api.not_found"
handler500 = "guanxi.project.api.fault"
handler429 = "guanxi.project.errors.too_many"
