"""Import and export of every resource, under its key: names are `customers_import:start`, `customers_export:file`."""

from django.urls import URLPattern, URLResolver, include, path

from guanxi.integrations.exports import pages as exports
from guanxi.integrations.exports.regular import pages as regular
from guanxi.integrations.imports.pages import match, result, start
from guanxi.integrations.imports.services import importable
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import every


def _urls(resource: type[Resource]) -> list[URLPattern | URLResolver]:
    given = {"resource": resource}
    found: list[URLPattern | URLResolver] = [
        path(
            f"{resource.key}/export/",
            include(
                (
                    [
                        path("", exports.export, given, name="file"),
                        path("regularly/", regular.export_plan_new, given, name="plan"),
                    ],
                    f"{resource.key}_export",
                )
            ),
        )
    ]
    if importable(resource):
        routes = [
            path("", start.start, given, name="start"),
            path("template.csv", start.template, given, name="template"),
            path("<uuid:id>/", match.match, given, name="match"),
            path("<uuid:id>/progress/", result.progress, given, name="progress"),
            path("<uuid:id>/result/", result.result, given, name="result"),
            path("<uuid:id>/<slug:stage>/<slug:name>.csv", result.report, given, name="report"),
        ]
        found.append(path(f"{resource.key}/import/", include((routes, f"{resource.key}_import"))))
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("exports/", regular.export_plans, name="export_plans"),
    path("exports/<uuid:plan_id>/", regular.export_plan, name="export_plan"),
    path("exports/files/<uuid:job_id>/", regular.export_plan_file, name="export_plan_file"),
]
urlpatterns += [pattern for resource in every() for pattern in _urls(resource)]
