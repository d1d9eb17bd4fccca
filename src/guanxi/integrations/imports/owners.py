"""Who answers for what a file brings."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.verdicts import Candidate, Remark
from guanxi.kernel.errors import Message
from guanxi.kinds import Kind
from guanxi.resource.declaration import Resource


def answered(
    actor: Actor, resource: type[Resource], owner: Kind, headers: Mapping[str, str], candidate: Candidate
) -> None:
    """Say who answers for a record to be created: whoever imports, for what names nobody; others can be named within
    the right to assign."""
    column, prepared = owner.column, candidate.prepared
    assert prepared is not None  # noqa: S101 - only rows without problems come here
    code = resource.permission("assign")
    if column in candidate.values:
        within = actor.members_within(code) if actor.may(code) else frozenset()
        named = candidate.values[column]
        if named != actor.member_id and within is not None and named not in within:
            del candidate.values[column]
            reason = Message("assign", _("You may not give records to this person; it is yours for now."))
            text = candidate.links.get(owner.name, "")
            candidate.warnings.append(Remark(candidate.line, headers.get(owner.name, ""), text, reason))
            prepared[column] = actor.member_id
        return
    if candidate.heir is not None:
        prepared[column] = candidate.heir
        return
    nobody = owner.name in headers and actor.may(code)
    prepared[column] = None if nobody else actor.member_id
