"""The sentences that our JavaScript says, translated on the server and handed over as JSON in the page."""

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    """Key to sentence in the page's language. `{n}` and `{name}` are filled in the browser."""
    return {
        "selected": _("{n} selected"),
        "allSelected": _("All {n} selected"),
        "matchingSelected": _("All that match are selected"),
        "undo": _("Undo"),
        "seconds": _("{n} s"),
        "close": _("Close"),
        "offline": _("No connection. What you typed is kept; try again when the network is back."),
        "serverError": _("Something went wrong on our side. What you typed is kept. Try again."),
        "serverErrorId": _(
            "Something went wrong on our side. What you typed is kept. Quote {id} if it stays."
        ),
        "busy": _("The server is busy. Trying again in {n} s; what you typed is kept."),
        "denied": _("You may not do this. Ask your administrator for the right."),
        "gone": _("This record is not there any more, or you may not see it."),
        "tooMany": _("Too many requests. Wait {n} s and try again."),
        "draftSaved": _("Draft saved"),
        "draftRestored": _("What you typed before is back."),
        "draftDrop": _("Discard it"),
        "unsaved": _("You have not saved. Leave all the same?"),
        "saving": _("Saving…"),
        "noMatch": _("Nothing found."),
        "results": _("{n} results"),
        "create": _("Create “{name}”"),
        "loading": _("Loading…"),
        "cleared": _("Cleared"),
        "remove": _("Remove {name}"),
        "signedIn": _("You are signed in again. Press the button once more."),
        "copied": _("Copied"),
    }
