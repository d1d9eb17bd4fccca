"""What cannot be read, and what a row is before its cells have a meaning."""

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Message, Refused

NO_TABLE = _(
    "This is neither a text file nor a spreadsheet. CSV, XLSX, XLS, ODS, vCard and LDIF can be read."
)

# What a spreadsheet writes into a cell whose formula came to nothing.
FORMULA_ERRORS = frozenset(
    [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#BUSY!",
        "#UNKNOWN!",
        "#GETTING_DATA",
        "Err:502",
        "Err:504",
        "Err:508",
        "Err:522",
    ]
)

# Where a row stands, its cells, and why it cannot be taken as it is.
Record = tuple[int, list[str], Message | None]


class Unreadable(Refused):
    """The file is not a table we can read; `reason` says why and what would help."""
