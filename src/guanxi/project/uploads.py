"""How much of a form is taken before it is looked at: files are written to disk while the form is being read.

The proof against forged forms reads the form before anybody asks who sent it, so a stranger could fill the disk
with a form that is then refused.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

_TAKES_FILES = "takes_files"  # what a view is marked with


class LimitedUpload(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: refuses a form by its length, before a byte of it is kept.

    Views that take files are marked `takes_files = True` and take UPLOAD_LIMIT from who is signed in; all others
    take no more than a form without files. Raises RequestDataTooBig, which is answered with 413.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  the name is Django's
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        match = getattr(self.request, "resolver_match", None)
        user = getattr(self.request, "user", None)
        takes = match is not None and getattr(match.func, _TAKES_FILES, False)
        known = user is not None and user.is_authenticated
        limit = settings.UPLOAD_LIMIT if takes and known else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length > limit:
            raise RequestDataTooBig("the form is larger than this address takes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
