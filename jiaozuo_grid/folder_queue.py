"""Celery messages as files in a folder, for an installation without Redis.

Kombu's filesystem transport writes a message in place, so that a worker may read it half written
and fall. Here a message appears under its name only when it is whole, and the few control files
are read and written under one lock.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """The same folders and names, written so that readers never see a part."""

    # The stubs of its two bases contradict each other in the name of the second argument.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        # Readers take names in order, and only those that end in ".<queue>.msg".
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out) / name
        part = whole.with_name(f"{name}.part")
        try:
            part.write_text(dumps(payload))
            part.rename(whole)
        except OSError as error:
            raise ChannelError(f"Cannot write the message {whole}") from error

    def get_table(self, *args: Any, **kwargs: Any) -> Any:
        with self._control():
            return super().get_table(*args, **kwargs)

    def _queue_bind(self, *args: Any, **kwargs: Any) -> None:
        with self._control():
            super()._queue_bind(*args, **kwargs)

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._control():
            super()._delete(*args, **kwargs)

    @contextmanager
    def _control(self) -> Iterator[None]:
        with (self.control_folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    Channel = Channel
