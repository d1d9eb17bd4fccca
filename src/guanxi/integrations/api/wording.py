"""What the document says of each kind of operation: words, problems, headers. In English; the page translates."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Wording:
    """A kind of operation. `problems` are the statuses beside those of every one, and
    of everything that `writes`; `address` is the kind whose address
    it shares; `media` what it answers with where that is no JSON; `raw`: its body is a file's bytes."""

    summary: str
    words: str = ""
    problems: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    writes: bool = False
    address: str = ""
    media: tuple[str, ...] = ()
    raw: bool = False


EVERY = (400, 401, 403, 406, 429, 500, 503)
OF_WRITES = (409, 413, 415, 422)
WORDING: dict[str, Wording] = {
    "list": Wording(
        gettext_noop("List"),
        gettext_noop(
            "One page, filtered, searched and sorted. A condition is `field=value[,value]` or"
            " `field.operator=value`; several are joined by “and”. A tree with “or” goes into"
            " `filter` as JSON. The company's own fields (`x_…`) filter in the same way."
        ),
        (422,),
    ),
    "read": Wording(
        gettext_noop("Read one"),
        gettext_noop("`ETag` holds the version, for `If-Match`."),
        (404, 422),
        headers=("ETag",),
    ),
    "create": Wording(
        gettext_noop("Create"),
        gettext_noop("Answers with the record; `Operation-Id` is what undoes it."),
        headers=("ETag", "Location", "Operation-Id"),
        writes=True,
        address="list",
    ),
    "create_many": Wording(
        gettext_noop("Create several"),
        gettext_noop("Up to 1,000, all or none. Each item at fault is told with its index."),
        headers=("Operation-Id",),
        writes=True,
        address="bulk",
    ),
    "change": Wording(
        gettext_noop("Change"),
        gettext_noop(
            "Only the given fields. With `If-Match` only at that version (412 otherwise); without, at any."
        ),
        (404, 412),
        headers=("ETag", "Operation-Id"),
        writes=True,
        address="read",
    ),
    "change_many": Wording(
        gettext_noop("Change several"),
        gettext_noop("Up to 1,000, all or none. `version` of an item is checked where it is given."),
        headers=("Operation-Id",),
        writes=True,
        address="bulk",
    ),
    "delete": Wording(
        gettext_noop("Delete"),
        gettext_noop("With `If-Match` only at that version. `Operation-Id` is what undoes it."),
        (404, 412),
        headers=("Operation-Id",),
        writes=True,
        address="read",
    ),
    "delete_many": Wording(
        gettext_noop("Delete several"),
        gettext_noop("Up to 1,000, all or none. `version` of an item is checked where it is given."),
        headers=("Operation-Id",),
        writes=True,
    ),
    "choices": Wording(
        gettext_noop("Values of a field"),
        gettext_noop("What a form offers for a field: of a list, a code table, people, records."),
        (404, 422),
    ),
    "fields": Wording(
        gettext_noop("Fields"),
        gettext_noop(
            "Every field the caller may know of, the company's own among them, and how it can be used."
        ),
    ),
    "members": Wording(
        gettext_noop("People of the company"),
        gettext_noop("Whom a field can name, by part of the name."),
        (422,),
    ),
    "search": Wording(
        gettext_noop("Search everything"),
        gettext_noop("Records of every kind that the caller may see."),
        (422,),
    ),
    "operations": Wording(
        gettext_noop("Change log"),
        gettext_noop("What was done, newest first, by whom and through which door."),
        (422,),
    ),
    "history": Wording(
        gettext_noop("History"),
        gettext_noop("Who changed what, newest first; also of one `field`."),
        (404, 422),
    ),
    "act": Wording(
        gettext_noop("Action"),
        gettext_noop(
            "On one record. A warning answers with 409 `warned`; go on with its codes in `accept_warnings`."
        ),
        (404,),
        headers=("Operation-Id",),
        writes=True,
    ),
    "act_many": Wording(
        gettext_noop("Action on many"),
        gettext_noop(
            "On the `ids`, or on all that match `filter`; more than 500 become a job. Records"
            " that it cannot be done to, or that a warning speaks against, are left alone and"
            " counted; nothing is done half."
        ),
        headers=("Operation-Id",),
        writes=True,
    ),
    "job": Wording(
        gettext_noop("Read a job"), gettext_noop("How far long work is, and what came of it."), (404,)
    ),
    "job_stop": Wording(
        gettext_noop("Stop a job"),
        gettext_noop("What it has done so far is taken back."),
        (404,),
        writes=True,
    ),
    "me": Wording(
        gettext_noop("Who calls"), gettext_noop("The member and company of the token, and what it may do.")
    ),
    "operation": Wording(gettext_noop("Read an operation"), gettext_noop("Everything one act did."), (404,)),
    "undo": Wording(
        gettext_noop("Undo an operation"),
        gettext_noop("Puts everything back, or some rows; 409 lists what was changed since."),
        (404,),
        headers=("Operation-Id",),
        writes=True,
    ),
    "duplicates": Wording(
        gettext_noop("Ask for duplicates"),
        gettext_noop(
            "Records that may be the same as one with these values; nothing is written. What is wrong with the values"
            " is not told here."
        ),
        OF_WRITES,
    ),
    "files": Wording(gettext_noop("Files of a record"), gettext_noop("Newest first."), (404, 422)),
    "file_add": Wording(
        gettext_noop("Add a file"),
        gettext_noop("The body is the file itself, at most 50 MB. `Operation-Id` is what undoes it."),
        (404,),
        headers=("Location", "Operation-Id"),
        writes=True,
        address="files",
        raw=True,
    ),
    "file": Wording(
        gettext_noop("Download a file"),
        gettext_noop("Its bytes."),
        (404,),
        ("Content-Disposition",),
        media=("*/*",),
    ),
    "file_kind": Wording(
        gettext_noop("Say what a file is"),
        gettext_noop("A contract, a proposal, a certificate or something else."),
        (404, 422),
        headers=("Operation-Id",),
        writes=True,
        address="file",
    ),
    "file_remove": Wording(
        gettext_noop("Remove a file"),
        gettext_noop("One's own, or with a right of its own anybody's. `Operation-Id` is what undoes it."),
        (404,),
        headers=("Operation-Id",),
        writes=True,
        address="file",
    ),
    "export": Wording(
        gettext_noop("Export"),
        gettext_noop(
            "What the list shows, as a file, for as many records as there are. Masked values are masked in it; what is"
            " written here, the import reads back."
        ),
        (422,),
        ("Content-Disposition",),
        media=("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ),
    "import": Wording(
        gettext_noop("Import"),
        gettext_noop(
            "The body is a CSV, XLSX, XLS, ODS, vCard or LDIF file. A job does it, all rows or none; its `result` tells"
            " what came of it, its `operation` undoes it."
        ),
        headers=("Location",),
        writes=True,
        raw=True,
    ),
    "import_report": Wording(
        gettext_noop("What an import said of its rows"),
        gettext_noop(
            "`rejected`: the rejected rows with the reasons; `warnings`: values that were left empty. A CSV."
        ),
        (404, 422),
        ("Content-Disposition",),
        media=("text/csv",),
    ),
    "jobs": Wording(
        gettext_noop("List jobs"),
        gettext_noop("One's own, newest first; everybody's with the right to manage them."),
        (422,),
    ),
    "job_restart": Wording(
        gettext_noop("Start a job again"),
        gettext_noop("One that failed or was stopped."),
        (404,),
        writes=True,
    ),
    "notices": Wording(gettext_noop("List notices"), gettext_noop("One's own, newest first."), (422,)),
    "notices_read": Wording(
        gettext_noop("Mark notices read"), gettext_noop("Those with `ids`, or all of one's own."), writes=True
    ),
    "deleted": Wording(
        gettext_noop("List the recycle bin"),
        gettext_noop("What was deleted within the caller's reach and is still gone, newest first."),
        (422,),
    ),
    "deleted_kinds": Wording(gettext_noop("Kinds in the recycle bin"), gettext_noop("What `kind` takes.")),
    "deleted_restore": Wording(
        gettext_noop("Restore what was deleted"),
        gettext_noop("With what was deleted because it belonged to it; 409 lists what stands in the way."),
        (404,),
        headers=("Operation-Id",),
        writes=True,
    ),
}
