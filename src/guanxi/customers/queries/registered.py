"""What a company registry tells, as the fields of a customer take it."""

from guanxi.customers.reference.reading import region_of
from guanxi.customers.reference.regions import label as region_label
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.registry.facts import Facts
from guanxi.kinds import FieldProblem, Kind, Show
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.screens.pasting import Filled


def filled_from(actor: Actor, facts: Facts, show: Show) -> list[Filled]:
    """A value for each field of a customer that the registry tells and this actor may set."""
    region = region_of(facts.region) or region_of(facts.address)
    raw = {
        "name": facts.name,
        "credit_code": facts.credit_code,
        "legal_representative": facts.legal_representative,
        "capital": "" if facts.capital is None else f"{facts.capital:f}",
        "capital_currency": "" if facts.capital is None else facts.currency,
        "founded": facts.founded.isoformat() if facts.founded else "",
        "registration": facts.status,
        "business_scope": facts.scope,
        "former_names": "; ".join(facts.former_names),
        "address": facts.address,
        "region": region,
        "phone": " / ".join(facts.phones)[:60],
    }
    kinds = {kind.name: kind for kind in access.writable(actor, find("customers"))}
    found = []
    for name, value in raw.items():
        kind = kinds.get(name)
        if kind is None or not value:
            continue
        said = region_label(value, show.language) if name == "region" else _said(kind, value, actor, show)
        if said:
            found.append(Filled(name, value, said, 1.0))
    return found


def _said(kind: Kind, value: str, actor: Actor, show: Show) -> str:
    """The value as people read it; "" for what the field does not take."""
    try:
        kept = kind.checked(value, actor)
    except FieldProblem:
        return ""
    field = kind.editor(kept, show)
    chosen: list[Words] = [option.label for option in field.options if option.value == str(kept)]
    return str(chosen[0]) if chosen else str(field.value or value)
