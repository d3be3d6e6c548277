"""Use case: listen to a source for three seconds before it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import NoDeviceError
from app.domain.sessions import TrackSource
from app.domain.source_trial import TRIAL_SECONDS, judged
from app.services.track_plans import chosen_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.recording_ports import SourceList, SourceTester
    from app.domain.source_trial import Level, SourceTrial

KINDS = {TrackSource.MIC: "microphone", TrackSource.LOOPBACK: "loopback source"}


class SourceTrials:
    """Nothing that is heard is kept, and no recording is touched. Safe from any thread."""

    def __init__(self, source_list: SourceList, tester: SourceTester) -> None:
        self._source_list = source_list
        self._tester = tester

    def run(
        self,
        name: str,
        kind: TrackSource = TrackSource.MIC,
        *,
        seconds: float = TRIAL_SECONDS,
        on_level: Callable[[Level], None],
    ) -> SourceTrial:
        """Listen to a source by id or name, empty for the default of its kind; takes so long.

        ``on_level`` is called on this thread, ten times a second.

        Raises:
            CaptureError: It is not there, is busy, goes away meanwhile, or its driver crashes.
            EnvironmentMissingError: A library is missing, or the sound system hangs.
        """
        source = chosen_source(self._source_list.sources(), kind, name)
        if source is None:
            raise NoDeviceError(
                f"There is no {KINDS[kind]} to test.",
                remedy="Connect one, and see “hotwash devices”.",
            )
        return judged(source, self._tester.levels(source, seconds=seconds, on_level=on_level))
