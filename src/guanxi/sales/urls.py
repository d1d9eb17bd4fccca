"""Addresses of sales."""

from django.urls import path

from guanxi.sales.pages import (
    board,
    converting,
    expected,
    forecast,
    forecast_sales,
    moving,
    pipelines,
    review,
    sending,
)

urlpatterns = [
    path("leads/<uuid:id>/convert/", converting.lead_convert, name="lead_convert"),
    path("opportunities/forecast/", forecast.opportunities_forecast, name="opportunities_forecast"),
    path("opportunities/forecast/sales/", forecast_sales.forecast_sales, name="forecast_sales"),
    path("opportunities/review/", review.opportunities_review, name="opportunities_review"),
    path("opportunities/<uuid:id>/send/", sending.opportunity_send, name="opportunity_send"),
    path("opportunities/<uuid:id>/stage/", moving.move, name="opportunity_move"),
    path("opportunities/<uuid:id>/next/", moving.plan_call, name="opportunity_next"),
    path("opportunities/<uuid:id>/plan/", moving.plan_steps, name="opportunity_plan"),
    path("opportunities/<uuid:id>/interview/", moving.interview, name="opportunity_interview"),
    path("opportunities/<uuid:id>/day/", expected.day, name="opportunity_day"),
    path("settings/pipelines/", pipelines.pipeline_settings, name="pipeline_settings"),
    path("opportunities/board/<uuid:id>/sums/", board.sums, name="board_sums"),
    path("opportunities/board/<uuid:id>/cards/", board.lane, name="board_lane"),
    path("opportunities/<uuid:id>/places/", board.places, name="board_places"),
    path("opportunities/<uuid:id>/move/", board.move, name="board_move"),
]
