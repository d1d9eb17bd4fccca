"""What law obliges the company to keep although it is a person's: masked, not deleted.

::

    keeps(Invoice, columns=("receiver", "phone"), ground=_("Invoices are kept for ten years."), blocks=unpaid)

Registered by the context that owns the documents, in its `apps.py`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import models

from guanxi.kinds.kind import Words

# Given ids of rows: why none of them may lose its person yet, "" where they may.
Blocks = Callable[[Collection[UUID]], Words]


@dataclass(frozen=True, slots=True)
class Keep:
    """Rows of `model` stay, with `columns` masked, on the `ground` given in words."""

    model: type[models.Model]
    columns: tuple[str, ...]
    ground: Words
    blocks: Blocks | None = None


_kept: dict[type[models.Model], Keep] = {}


def keeps(
    model: type[models.Model], *, columns: Collection[str], ground: Words, blocks: Blocks | None = None
) -> None:
    """Let rows of a model stay when the person they belong to is erased. Their references to people must take NULL."""
    _kept[model] = Keep(model, tuple(columns), ground, blocks)


def kept() -> dict[type[models.Model], Keep]:
    """What is registered, by model."""
    return dict(_kept)


def forget(model: type[models.Model]) -> None:
    """Take a registration back (tests)."""
    _kept.pop(model, None)
