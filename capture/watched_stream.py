"""A source that is open, and known to be the one that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import NoDeviceError
from capture.source_input import open_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AudioSource
    from capture.device_input import Block
    from capture.source_watch import SourceWatch


class WatchedStream:
    """An input that counts as gone when its source is, whatever the server delivers instead."""

    def __init__(
        self,
        source: AudioSource,
        watch: SourceWatch,
        deliver: Callable[[Block], None],
        now_ns: Callable[[], int],
    ) -> None:
        """Open the source if it is there: by a wrong name the server would take another.

        Raises:
            AppError: It is not there or does not open.
        """
        if not watch.present(source.id):
            raise NoDeviceError(f"“{source.name}” is not there.", remedy="Connect it again.")
        self._source_id = source.id
        self._watch = watch
        self._stream = open_source(source, deliver, now_ns)
        self.sample_rate = self._stream.sample_rate
        self.channels = self._stream.channels
        self.may_be_silent = self._stream.may_be_silent

    @property
    def active(self) -> bool:
        """Whether the stream runs and is the source's own."""
        return self._stream.active and self._watch.present(self._source_id)

    def close(self) -> None:
        """Stop the device."""
        self._stream.close()
