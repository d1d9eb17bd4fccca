"""Why an import cannot be, in a sentence."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.integrations.imports.sentences import kept, told
from guanxi.kernel.errors import Forbidden, GuanxiError, Invalid, Message, NotFound, Refused


def said(error: GuanxiError) -> str:
    """A domain error for people: on the page, at the terminal."""
    return " ".join(map(str, why(error)))


def why(error: GuanxiError) -> list[Message]:
    """A domain error as sentences to people."""
    if isinstance(error, Invalid):
        found = list(error.messages)
        for name, messages in error.fields.items():
            found += [
                Message(one.code, "%(name)s: %(said)s", {"name": name, "said": one}) for one in messages
            ]
        return found
    if isinstance(error, Refused) and error.reason:
        return [Message(error.code, error.reason)]
    if isinstance(error, Forbidden):
        code = error.params.get("permission") or error.permission
        return [
            Message("forbidden", _("This person does not have the right %(code)s."), {"code": code}),
        ]
    if isinstance(error, NotFound):
        gone = _("The uploaded file is not there any more. Upload it again.")
        return [Message(error.code, gone)]
    return [Message(error.code, str(error))]


def kept_why(error: GuanxiError) -> list[Any]:
    """The same as plain data, for `told_why`."""
    return [kept(one) for one in why(error)]


def told_why(refused: Any) -> str:
    """What `kept_why` kept, in the language that is on; a text of earlier days as it is."""
    return refused if isinstance(refused, str) else " ".join(map(str, told(refused)))
