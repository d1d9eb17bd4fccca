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
        "draftRestored": _("Restored what you typed at {at}"),
        "draftWaits": _("What you typed at {at} is kept"),
        "draftDrop": _("Discard"),
        "draftRestore": _("Restore"),
        "draftDropped": _("Discarded"),
        "draftLeft": _("What you typed is kept as a draft."),
        "draftReturn": _("Go on writing"),
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
        "editCell": _("Edit {name}"),
        "movedTo": _("Now {n} of {total}"),
        "mention": _("People to mention"),
        "trailAt": _("{n} of {all}"),
        **_keys(),
    }


def _keys() -> dict[str, str]:
    """What each line of the table in keys.js is called on the help sheet."""
    return {
        "keySpace": _("Space"),
        "keyWhere": _("Where to?"),
        "keysAnywhere": _("Anywhere"),
        "keysGo": _("Go to"),
        "keysHere": _("This page"),
        "keysList": _("List"),
        "keysCard": _("Facts"),
        "keysForm": _("Form"),
        "keySearch": _("Search and commands"),
        "keyHelp": _("Keyboard shortcuts"),
        "keyNext": _("Next row"),
        "keyBefore": _("Previous row"),
        "keyCell": _("Along the row, cell by cell"),
        "keyCellEdit": _("Edit the cell"),
        "keyOpen": _("Open the row"),
        "keyPreview": _("Preview the row"),
        "keySelect": _("Select the row"),
        "keyRange": _("Select all from the last one"),
        "keyAll": _("Select the rows shown; again: all that match"),
        "keyBulk": _("Act on the selected rows"),
        "keyEditRow": _("Edit the row"),
        "keyTab": _("Go to that view"),
        "keyLetGo": _("Clear the selection, or close the preview"),
        "keyNextFact": _("Next value"),
        "keyFactBefore": _("Value before"),
        "keyFact": _("Edit the value, or save it"),
        "keySaveNext": _("While editing: save, and edit the next"),
        "keySaveBefore": _("While editing: save, and edit the one before"),
        "keyFactEnd": _("While editing: leave it as it was"),
        "keySave": _("Save, or send"),
        "keyNextPart": _("Next part"),
        "keyPartBefore": _("Part before"),
        "keyLeave": _("Leave; what you typed is kept"),
    }
