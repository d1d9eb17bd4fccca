"""Addresses of jobs."""

from django.urls import path

from guanxi.foundation.jobs import pages

urlpatterns = [
    path("jobs/", pages.my_jobs, name="jobs"),
    path("jobs/running/", pages.running, name="jobs_running"),
    path("jobs/<uuid:job_id>/", pages.job, name="job"),
    path("jobs/<uuid:job_id>/progress/", pages.progress, name="job_progress"),
    path("jobs/<uuid:job_id>/stop/", pages.stop, name="job_stop"),
    path("jobs/<uuid:job_id>/restart/", pages.start_again, name="job_restart"),
    path("settings/jobs/", pages.all_jobs, name="jobs_admin"),
]
