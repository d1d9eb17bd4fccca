"""The rights and lists of sales, and what a company begins with."""

from functools import cache

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

VIEW, MOVE = "sales.opportunity.view", "sales.opportunity.move"
EXPORT = "sales.opportunity.export"
SETTINGS = "sales.pipeline.edit"
# To say what one expects of a month.
EXPECT = "sales.outlook.say"
# The largest amount of a sale, in minor units of any currency: of yuan a thousand milliards.
MOST = 10**14
# Evidence that somebody says is there, instead of its being counted.
HAND = "hand"


class StageKind(models.TextChoices):
    """What it means for a sale to stand in a stage; of won and lost a pipeline has one each."""

    OPEN = "open", pgettext_lazy("opportunity", "Open")
    WON = "won", pgettext_lazy("opportunity", "Won")
    LOST = "lost", pgettext_lazy("opportunity", "Lost")


State = StageKind


class Category(models.TextChoices):
    """How a sale counts in the forecast."""

    COMMIT = "commit", pgettext_lazy("forecast", "Commit")
    BEST = "best", pgettext_lazy("forecast", "Best case")
    PIPELINE = "pipeline", pgettext_lazy("forecast", "Pipeline")
    OMITTED = "omitted", pgettext_lazy("forecast", "Omitted")


class AmountBy(models.TextChoices):
    """Where the amount of a sale comes from."""

    HAND = "hand", _("Set by hand")
    LINES = "lines", _("The sum of its lines")


class Rank(models.TextChoices):
    """How a competitor stands in a sale."""

    AHEAD = "ahead", pgettext_lazy("rival", "Ahead of us")
    LEVEL = "level", pgettext_lazy("rival", "Level with us")
    BEHIND = "behind", pgettext_lazy("rival", "Behind us")
    OUT = "out", pgettext_lazy("rival", "Out")


class Whose(models.TextChoices):
    """Who of us does a step of a plan."""

    OWNER = "owner", pgettext_lazy("plan", "The owner of the sale")
    SUPERIOR = "superior", pgettext_lazy("plan", "The owner's superior")


class GoesTo(models.TextChoices):
    """What an answer becomes."""

    NOTHING = "nothing", pgettext_lazy("answer", "Stays an answer")
    FIELD = "field", pgettext_lazy("answer", "A field of the opportunity")
    PROMISE = "promise", pgettext_lazy("answer", "A promise of theirs")


READY_PIPELINE = pgettext_lazy("pipeline", "Sales")
# Name, probability in basis points, what it means, how it counts in the forecast.
READY_STAGES = (
    (pgettext_lazy("stage", "Contacted"), 1_000, StageKind.OPEN, Category.PIPELINE),
    (pgettext_lazy("stage", "Need confirmed"), 3_000, StageKind.OPEN, Category.PIPELINE),
    (pgettext_lazy("stage", "Proposal"), 5_000, StageKind.OPEN, Category.BEST),
    (pgettext_lazy("stage", "Quote and negotiation"), 7_000, StageKind.OPEN, Category.BEST),
    (pgettext_lazy("stage", "Closing"), 9_000, StageKind.OPEN, Category.COMMIT),
    (pgettext_lazy("stage", "Won"), 10_000, StageKind.WON, Category.COMMIT),
    (pgettext_lazy("stage", "Lost"), 0, StageKind.LOST, Category.OMITTED),
)
# Stage, what is to be there before a sale enters it, how that is known.
READY_EVIDENCE = (
    (1, pgettext_lazy("evidence", "Main contact named"), "person"),
    (2, pgettext_lazy("evidence", "Amount known"), "amount"),
    (3, pgettext_lazy("evidence", "Expected date known"), "expected"),
    (5, pgettext_lazy("evidence", "Contract signed or order confirmed"), HAND),
)
READY_REASONS = (
    pgettext_lazy("reason for losing", "Price"),
    pgettext_lazy("reason for losing", "Product does not fit"),
    pgettext_lazy("reason for losing", "Relations to the competitor"),
    pgettext_lazy("reason for losing", "Delivery time"),
    pgettext_lazy("reason for losing", "Service"),
    pgettext_lazy("reason for losing", "No budget"),
    pgettext_lazy("reason for losing", "Project put off or cancelled"),
    pgettext_lazy("reason for losing", "No answer any more"),
    pgettext_lazy("reason for losing", "Another reason"),
)


@cache
def _ready_words() -> dict[str, tuple[str, ...]]:
    """What a ready-made row is called in every language, by each of these words."""
    found: dict[str, tuple[str, ...]] = {}
    named = [one[0] for one in READY_STAGES] + [one[1] for one in READY_EVIDENCE]
    for words in (READY_PIPELINE, *named, *READY_REASONS):
        said = []
        for language, _name in settings.LANGUAGES:
            with override(language):
                said.append(str(words))
        found |= dict.fromkeys(said, tuple(said))
    return found


def in_readers_language(name: str) -> str:
    """The name of a stage, pipeline or reason: of a ready-made one, where nobody has written another, in the reader's
    language."""
    said = _ready_words().get(name)
    if said is None:
        return name
    codes = [code for code, _name in settings.LANGUAGES]
    language = get_language() or settings.LANGUAGE_CODE
    return said[codes.index(language)] if language in codes else name


def names_of(name: str) -> tuple[str, ...]:
    """Every name it goes by."""
    return _ready_words().get(name, (name,))
