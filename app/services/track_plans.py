"""Which sources a recording is to hear: those a person named, or the system's defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.engine_types import TrackPlan
from app.domain.errors import NoDeviceError
from app.domain.ids import TrackId, new_id
from app.domain.sessions import TrackLabel, TrackSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.engine_types import AudioSource

NO_TRACK = "none"


def track_plans(
    list_sources: Callable[[], Sequence[AudioSource]],
    mic: tuple[str, str],
    bridge: tuple[str, str],
) -> list[TrackPlan]:
    """Return what is to be recorded; of each side, its source and its fallback are named.

    An empty name is the default of its kind, which is then followed; ``none`` is no track.

    Raises:
        NoDeviceError: A named source is not there, or there is nothing to record from.
    """
    sources = list_sources() if {mic[0], bridge[0]} != {NO_TRACK} else []
    wanted = (
        (TrackLabel.ROOM, TrackSource.MIC, mic),
        (TrackLabel.BRIDGE, TrackSource.LOOPBACK, bridge),
    )
    plans = [
        TrackPlan(
            TrackId(new_id("trk")),
            label,
            source,
            chosen_source(sources, kind, fallback) if fallback not in {"", NO_TRACK} else None,
            follow_default=not name,
        )
        for label, kind, (name, fallback) in wanted
        if name != NO_TRACK and (source := chosen_source(sources, kind, name)) is not None
    ]
    if not plans:
        raise NoDeviceError(
            "There is nothing to record from: no microphone and no loopback source.",
            remedy="Connect one and see “hotwash devices”, or attach a file afterwards.",
        )
    return plans


def chosen_source(
    sources: Sequence[AudioSource], kind: TrackSource, name: str
) -> AudioSource | None:
    """Return the named source, or the default of its kind; a missing default is no error.

    Raises:
        NoDeviceError: There is no source of that id or name.
    """
    if name:
        for source in sources:
            if name in {source.id, source.name}:
                return source
        known = ", ".join(source.id for source in sources) or "none"
        raise NoDeviceError(
            f"There is no audio source “{name}”.", remedy=f"Choose one of: {known}."
        )
    of_kind = [source for source in sources if source.kind is kind]
    defaults = [source for source in of_kind if source.default]
    return next(iter(defaults or of_kind), None)
