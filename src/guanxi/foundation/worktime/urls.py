from django.urls import path

from guanxi.foundation.worktime import pages

urlpatterns = [
    path("settings/working-time/", pages.working_time, name="working_time"),
    path("settings/working-time/days/", pages.working_days, name="working_days"),
    path(
        "settings/working-time/days/<uuid:day_id>/remove/",
        pages.working_day_remove,
        name="working_day_remove",
    ),
]
