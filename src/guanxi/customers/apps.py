from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "guanxi.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from guanxi.channels.queries.recognising import recognise_with
        from guanxi.customers import api, jobs, moving, resources  # noqa: F401  registers the declarations
        from guanxi.customers.pages import duplicates
        from guanxi.customers.pages.pasting import create_item, paste_command
        from guanxi.customers.pages.pools import CLAIM_BUTTON, SETTINGS_BUTTON
        from guanxi.customers.pages.registry import REGISTRY_BUTTON, form_box
        from guanxi.customers.queries import reporting
        from guanxi.customers.queries.pasted import read_customer, read_person
        from guanxi.customers.queries.recognising import behind
        from guanxi.customers.resources import locking
        from guanxi.customers.services import asking, holding, locks, pairs, parts, recycling
        from guanxi.foundation.design.commands import register_command
        from guanxi.foundation.jobs.registry import every_night
        from guanxi.foundation.jobs.results import read_result
        from guanxi.foundation.ledger.undo import guard_undo, on_restored
        from guanxi.resource.contributions import contribute
        from guanxi.resource.holding import holds
        from guanxi.screens.lists import list_tool
        from guanxi.screens.making import also_new
        from guanxi.screens.pasting import also_beside, paste_box

        recognise_with("customers", behind)
        holds("customers")
        holds("people", follows="customer")
        api.register()
        moving.register()
        reporting.register()
        pairs.register()
        asking.register()
        register_command(duplicates.commands, order=24)
        list_tool(duplicates.tool)
        every_night("duplicates", jobs.every_night)
        every_night("pools", jobs.recycle_every_night)
        recycling.register()
        locking.register()
        parts.register()
        guard_undo(locks.guard)
        on_restored(locks.follow)
        on_restored(holding.follow)
        read_result(jobs.SCAN, jobs.read)
        paste_box("customers", read_customer)
        paste_box("people", read_person)
        register_command(paste_command, order=22)
        also_new(create_item)
        contribute("customers", buttons=(REGISTRY_BUTTON, CLAIM_BUTTON))
        contribute("pools", buttons=(SETTINGS_BUTTON,))
        also_beside(form_box)
