"""What is there once only: a second one is told so at its field, also of two who write it in the same moment."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.db import IntegrityError

from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds.kind import Words
from guanxi.resource.standard import Verbs


def saying_taken(verbs: Verbs, rules: Mapping[str, tuple[str, Words]]) -> Verbs:
    """The verbs, which raise Invalid where a unique rule of the table forbids what they write. `rules` says by the
    name of each rule the field to blame and the words for it."""
    return Verbs(*(_saying(verb, rules) for verb in verbs))


def _saying(verb: Callable[..., Any], rules: Mapping[str, tuple[str, Words]]) -> Callable[..., Any]:
    @wraps(verb)
    def carry_out(*args: Any, **kwargs: Any) -> Any:
        try:
            return verb(*args, **kwargs)
        except IntegrityError as error:
            for rule, (field, words) in rules.items():
                if f'"{rule}"' in str(error):
                    raise Invalid({field: [Message("taken", words)]}) from error
            raise

    return carry_out
