"""Who is behind an address: upper contexts say it at start-up."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

__all__ = ["Known", "recognise", "recognise_with"]

Known = tuple[str, UUID]  # a record: its resource's key, its id
Recogniser = Callable[[Collection[str]], Mapping[str, Collection[Known]]]

_recognisers: dict[str, Recogniser] = {}


def recognise_with(key: str, ask: Recogniser) -> None:
    """Make a context's answer known: `ask` is given addresses in small letters and asks for all of them at once, as the
    system: what it says is shown to nobody, it decides what is kept."""
    _recognisers[key] = ask


def recognise(addresses: Collection[str]) -> dict[str, list[Known]]:
    """The records behind each of the addresses, in the open scope; addresses of nobody are left out."""
    found: dict[str, list[Known]] = defaultdict(list)
    wanted = sorted(set(addresses))
    for ask in _recognisers.values() if wanted else ():
        for address, records in ask(wanted).items():
            found[address] += [one for one in records if one not in found[address]]
    return dict(found)
