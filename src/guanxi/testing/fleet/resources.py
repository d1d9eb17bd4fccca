from django.utils.translation import gettext_lazy as _

from guanxi.kinds import Choice, DateTime, Text
from guanxi.resource.declaration import Resource, SearchText, Section, Sort
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.registry import register
from guanxi.resource.standard import standard
from guanxi.testing.fleet.models import Fuel, Vehicle


@register
class Vehicles(Resource):
    key, code, model = "vehicles", "fleet.vehicle", Vehicle
    icon, title, owner = "truck", "plate", "driver"
    kinds = (
        Text(name="plate", required=True),
        Choice(name="fuel", choices=Fuel),
        MemberLink(name="driver"),
        RecordLink(name="stands_at", to="customers"),
        Text(name="remarks", wide=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("plate", "fuel", "driver", "stands_at", "updated_at")
    filters = ("fuel", "driver", "stands_at", "updated_at")
    sorts = (
        Sort("plate", _("number plate"), ("plate", "id")),
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
    )
    form = (Section(_("Vehicle"), ("plate", "fuel", "driver", "stands_at", "remarks")),)
    bulk_fields = ("fuel", "driver")
    rights = {
        "view": {"sales_manager": "below", "salesperson": "own"},
        "create": {"sales_manager": "all", "salesperson": "all"},
        "edit": {"sales_manager": "below", "salesperson": "own"},
        "assign": {"sales_manager": "below"},
        "delete": {"sales_manager": "below"},
        "export": {"sales_manager": "below"},
        "import": {"sales_manager": "all"},
    }
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = standard("vehicles")

    @classmethod
    def search_text(cls, record: Vehicle) -> SearchText:
        return SearchText(names=(record.plate,))
