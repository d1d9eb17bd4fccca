"""Reading the body: strict JSON, of a depth that nobody needs to exceed."""

from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from guanxi.integrations.api.problems import ProblemError

DEEPEST = 12


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no lone surrogates, UTF-8; at most twelve levels."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as plain data. Raises ProblemError, and ValueError for what is no JSON."""
        found = orjson.loads(request.body)
        if _deeper_than(found, DEEPEST):
            raise ProblemError("bad_request", _("The body is nested too deeply."))
        return found


def _deeper_than(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if left == 0:
        return True
    children = value.values() if isinstance(value, dict) else value
    return any(_deeper_than(child, left - 1) for child in children)
