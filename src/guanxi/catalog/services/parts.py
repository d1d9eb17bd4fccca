"""Writing what bundles are made of and what machines are configured with."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import Option
from guanxi.catalog.services.circles import no_bundle_in_itself
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource.standard import standard
from guanxi.resource.taken import saying_taken


def _of_one_machine(actor: Actor, ids: Collection[UUID]) -> None:
    """What an option goes with or not is an option of the same machine. Raises Invalid."""
    rows = Option.objects.filter(pk__among=list(ids))
    for link in ("excludes", "needs"):
        others = rows.filter(**{f"{link}__isnull": False})
        if others.exclude(**{f"{link}__group__product": F("group__product")}).exists():
            raise Invalid({link: [Message("other_machine", _("That is an option of another machine."))]})


parts = saying_taken(
    standard("bundle_parts", no_bundle_in_itself),
    {
        "bundle_part_once": ("product", _("The bundle has this part already.")),
        "bundle_part_no_part_of_itself": ("product", _("Nothing is a part of itself.")),
    },
)
groups = saying_taken(
    standard("option_groups"), {"option_group_once": ("name", _("The machine has a group of this name."))}
)
options = saying_taken(
    standard("options", _of_one_machine),
    {"option_once": ("name", _("The group has an option of this name."))},
)
