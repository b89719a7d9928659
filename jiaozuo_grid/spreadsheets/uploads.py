"""A limit on what is taken in: more is neither kept in memory nor on disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from jiaozuo_grid.spreadsheets.files import MAX_BYTES

# What an upload that was cut off leaves on the request, for the page to explain.
MARK = "upload_too_large"


class SizeLimit(FileUploadHandler):
    """The first of the upload handlers: lets go of a file as soon as it is too large."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.announced = 0
        self.taken = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        self.announced = content_length or 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0
        # The rest of a form is small, so nearly all that was announced is the file.
        if self.announced > MAX_BYTES + 1024 * 1024:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > MAX_BYTES:
            self._refuse()
        return raw_data

    def _refuse(self) -> None:
        setattr(self.request, MARK, True)
        raise SkipFile

    def file_complete(self, file_size: int) -> None:
        return None
