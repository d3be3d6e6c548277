"""What is at a place of the waveform, in words: for the pointer and for a screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.sessions import TrackLabel
from ui.moments import duration_text, utc_text
from ui.waveform.lacks import lack_text
from ui.widgets.marker_buttons import marker_names

if TYPE_CHECKING:
    from ui.waveform.overview import Overview


def words_at(
    overview: Overview,
    at_ms: int,
    lane: int,
    *,
    names: dict[TrackLabel, str],
    near_ms: int,
    drawn_ms: int,
) -> str:
    """Return when that is, and what is missing or marked there, a line each.

    A marker counts within ``near_ms``; what is missing for less than ``drawn_ms`` is drawn so
    wide, and is found so.
    """
    label = overview.lanes[lane].track.label
    words = [f"{utc_text(overview.utc(at_ms))} UTC, {duration_text(at_ms)}, {names[label]}"]
    words += [
        lack_text(lack, overview.session.start_utc, overview.names(names))
        for lack in overview.lacks_of(label)
        if lack.span.start_ms <= at_ms < max(lack.span.end_ms, lack.span.start_ms + drawn_ms)
    ]
    kinds, marked = marker_names(), QCoreApplication.translate("Waveform", "marked: {0}")
    words += [
        marked.format(f"{kinds[marker.kind]} {marker.text}".strip())
        for marker in overview.markers
        if abs(marker.at_ms - at_ms) <= near_ms
    ]
    bled = any(span.start_ms <= at_ms < span.end_ms for span in overview.bleed)
    if bled and label is TrackLabel.ROOM:
        words.append(QCoreApplication.translate("Waveform", "the bridge, from the loudspeakers"))
    return "\n".join(words)
