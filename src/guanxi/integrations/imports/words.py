"""Why an import cannot be, in a sentence."""

from django.utils.translation import gettext

from guanxi.kernel.errors import Forbidden, GuanxiError, Invalid, NotFound, Refused


def said(error: GuanxiError) -> str:
    """A domain error for people: on the page, in a job's result, at the terminal."""
    if isinstance(error, Invalid):
        parts = [str(message) for message in error.messages]
        parts += [f"{name}: {message}" for name, found in error.fields.items() for message in found]
        return " ".join(parts)
    if isinstance(error, Refused) and error.reason:
        return str(error.reason)
    if isinstance(error, Forbidden):
        code = error.params.get("permission") or error.permission
        return gettext("This person does not have the right %(code)s.") % {"code": code}
    if isinstance(error, NotFound):
        return gettext("The uploaded file is not there any more. Upload it again.")
    return str(error)
