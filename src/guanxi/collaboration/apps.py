from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CollaborationConfig(AppConfig):
    name = "guanxi.collaboration"
    label = "collaboration"
    verbose_name = _("Comments, following and tags")

    def ready(self) -> None:
        from guanxi.collaboration import api, jobs
        from guanxi.collaboration.kinds import Followed, Tags
        from guanxi.collaboration.pages import comments, following, tags
        from guanxi.collaboration.queries.comments import ADD, DELETE
        from guanxi.collaboration.queries.following import FOLLOW
        from guanxi.collaboration.queries.tags import MANAGE, USE
        from guanxi.collaboration.resources import actions
        from guanxi.collaboration.services import guarding, wordings
        from guanxi.foundation.jobs.registry import every_night
        from guanxi.foundation.jobs.regular import every_few_minutes
        from guanxi.foundation.permissions.codes import EVERYBODY, register
        from guanxi.foundation.permissions.settings_index import RECORDS, register_page
        from guanxi.resource.contributions import Button, Panel, contribute
        from guanxi.resource.registry import every

        everybody = dict.fromkeys(EVERYBODY, "all")
        register(ADD, _("Comment on records"), group=_("Comments"), reach=False, defaults=everybody)
        register(DELETE, _("Delete others' comments"), group=_("Comments"), reach=False)
        register(USE, _("Make and use tags"), group=_("Tags"), reach=False, defaults=everybody)
        register(
            MANAGE,
            _("Rename, merge and delete tags"),
            group=_("Tags"),
            reach=False,
            defaults={"sales_manager": "all"},
        )
        register(FOLLOW, _("Follow records"), group=_("Following"), reach=False, defaults=everybody)
        guarding.register()
        wordings.register()
        api.register()
        every_few_minutes("following", jobs.pulse)
        every_night("remains", jobs.sweep)
        register_page(
            "tags",
            _("Tags"),
            _("Labels on records: rename, merge, delete"),
            codes=(MANAGE,),
            group=RECORDS,
            icon="hash",
            position=45,
        )
        contribute(
            "*",
            panels=(
                Panel("comments", _("Comments"), draw=comments.panel, place="middle", order=10, at_once=True),
            ),
            buttons=(
                Button("follow", draw=following.star, place="title", order=10),
                Button("tags", draw=tags.marks, place="title", order=20),
            ),
            kinds=(
                Tags(name="tags", label=_("Tags")),
                Followed(name="followed", label=pgettext_lazy("field", "Followed")),
            ),
            filters=("tags", "followed"),
        )
        for resource in every():
            contribute(resource.key, actions=actions(resource.key))
