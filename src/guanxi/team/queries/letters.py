"""What is written to a customer's people when somebody else answers for them from now on."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from guanxi.foundation.tenancy.models import company
from guanxi.team.choices import LETTER

PLACES = ("person", "leaver", "successor", "phone", "company")


def letter() -> str:
    """The company's own text, else ours in the reader's language, with places in braces (`PLACES`)."""
    held: str = company().settings.get(LETTER, "")
    return held or _(
        "Dear {person}, thank you for your trust in {company}. {leaver} has handed over, and {successor} "
        "(phone {phone}) looks after you from now on. Everything that was promised to you stands. Please get in "
        "touch whenever you need anything."
    )


def written(text: str, values: Mapping[str, str]) -> str:
    """The letter with its places filled; what is no place of ours stays as it is written."""
    for place in PLACES:
        text = text.replace(f"{{{place}}}", values.get(place, ""))
    return text
