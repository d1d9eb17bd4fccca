"""What happens to a sign-in is said in words, whichever floor notes it."""

import ast
from pathlib import Path

import guanxi
from guanxi.foundation.accounts.pages.events import WORDS


def _noted() -> set[str]:
    """The first argument of every `record_event("…")` of the source."""
    found = set()
    for path in Path(guanxi.__file__).parent.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("record_event") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_event_that_is_noted_has_words() -> None:
    noted = _noted()
    assert {"token_created", "token_revoked", "session_ended"} <= noted
    assert noted - WORDS.keys() == set()
