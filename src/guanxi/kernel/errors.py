"""Domain errors. A door (page, API, command line) turns them into its own answer; the codes are the contract.

::

    GuanxiError                  code, params
    ├── NoScope                  a statement ran outside any company: a fault of ours, never of the user   500
    ├── NotFound                 absent, invisible or another company's: one answer for all three          404
    ├── Forbidden                visible, but the act is not allowed; names the missing permission         403
    ├── Invalid                  what was entered is not acceptable, field by field                        422
    ├── Malformed (ValueError)   one text cannot be read as what it should be; a form makes it an Invalid  422
    │   └── text.TextTooLong
    ├── Stale                    the record changed meanwhile                                              409
    ├── Conflict                 later changes stand in the way (of an undo, a merge)                      409
    ├── Refused                  a business rule says no, and why                                          409
    └── Unavailable              something we need is away; trying later may help                          503

Texts are given by the raiser as lazy strings where a person will read them; the kernel itself raises codes
only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = [
    "Conflict",
    "Forbidden",
    "GuanxiError",
    "Invalid",
    "Malformed",
    "Message",
    "NoScope",
    "NotFound",
    "Refused",
    "Stale",
    "Unavailable",
]


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence to a person: a stable code, the words (str or lazy string; may be "") and their
    parameters."""

    code: str
    text: object = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        words = str(self.text)
        if not words:
            return self.code
        return words % dict(self.params) if self.params else words


class GuanxiError(Exception):
    """Root of all errors that a door answers by itself."""

    def __init__(self, code: str = "error", params: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.params: dict[str, object] = dict(params or {})
        super().__init__(code)

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class NoScope(GuanxiError):
    """A statement on a business table, or a job, ran with no company open."""

    def __init__(self, code: str = "no_scope", params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)


class NotFound(GuanxiError):
    """Absent, invisible or foreign. Never says which."""

    def __init__(self, code: str = "not_found", params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)


class Forbidden(GuanxiError):
    """The record is visible, the act is not allowed. `permission` is the missing code
    (context.resource.verb)."""

    def __init__(self, permission: str = "", params: Mapping[str, object] | None = None) -> None:
        self.permission = permission
        super().__init__("forbidden", {"permission": permission, **(params or {})})


class Invalid(GuanxiError):
    """What was entered is not acceptable: messages per field, and messages about the whole."""

    def __init__(
        self,
        fields: Mapping[str, Iterable[Message]] | None = None,
        messages: Iterable[Message] = (),
        *,
        code: str = "invalid",
    ) -> None:
        self.fields: dict[str, list[Message]] = {name: list(said) for name, said in (fields or {}).items()}
        self.messages: list[Message] = list(messages)
        said = {name: [message.code for message in given] for name, given in self.fields.items()}
        super().__init__(code, {"fields": said} if said else None)

    def add(self, name: str, message: Message) -> None:
        """Add a message to a field ("" means the whole)."""
        if name:
            self.fields.setdefault(name, []).append(message)
        else:
            self.messages.append(message)

    def __bool__(self) -> bool:
        """True when there is something to complain about, so that a collector ends with `if found: raise
        found`."""
        return bool(self.fields or self.messages)


class Malformed(GuanxiError, ValueError):
    """A text cannot be read as a date, an amount, an address …; `code` says why, `params` hold the
    numbers."""


class Stale(GuanxiError):
    """The record is at version `current`; the writer had read version `expected`."""

    def __init__(self, current: int, expected: int, params: Mapping[str, object] | None = None) -> None:
        self.current = current
        self.expected = expected
        super().__init__("stale", {"current": current, "expected": expected, **(params or {})})


class Conflict(GuanxiError):
    """Later changes stand in the way. `conflicts` is what the caller needs to show them one by one."""

    def __init__(
        self,
        conflicts: Sequence[object] = (),
        *,
        code: str = "conflict",
        params: Mapping[str, object] | None = None,
    ) -> None:
        self.conflicts: list[object] = list(conflicts)
        super().__init__(code, {"count": len(self.conflicts), **(params or {})})


class Refused(GuanxiError):
    """A rule of the business says no; `reason` is the sentence for the person (str or lazy string)."""

    def __init__(self, code: str, reason: object = "", params: Mapping[str, object] | None = None) -> None:
        self.reason = reason
        super().__init__(code, params)

    @property
    def words(self) -> str:
        """The sentence with its parameters; the code where there is none."""
        text = str(self.reason or self.code)
        return text % self.params if self.params and "%(" in text else text


class Unavailable(GuanxiError):
    """Database, mail server or another part is away. `retry_after` is in seconds."""

    def __init__(
        self, code: str = "unavailable", params: Mapping[str, object] | None = None, *, retry_after: int = 5
    ) -> None:
        self.retry_after = retry_after
        super().__init__(code, params)
