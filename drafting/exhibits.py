"""Gathers what a report can show and let hear: pictures of its evidence, clips of its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from drafting.content.blocks import NO_EXHIBITS, Exhibits

if TYPE_CHECKING:
    from app.domain.evidence import Evidence
    from app.domain.record import Record
    from app.domain.timeline import SourceAudio
    from drafting.report import Ref, Report

# A browser opens a page of this size at once; what does not fit is named by its times as ever.
MOST_CLIP_BYTES = 64_000_000


class Shelf(Protocol):
    """Where the files of an incident are taken from."""

    def picture(self, evidence: Evidence) -> bytes | None:
        """Return a picture of evidence as a PNG file; None where there is none to show."""

    def clip(self, record: Record, audio: SourceAudio) -> bytes | None:
        """Return what was said there as a FLAC file; None where it cannot be heard any more."""


def exhibits(record: Record, report: Report, shelf: Shelf | None, *, clips: bool) -> Exhibits:
    """Return what the report's rows can show, by their references; clips only where asked for."""
    if shelf is None:
        return NO_EXHIBITS
    known = {evidence.id: evidence for evidence in record.evidence}
    pictures = {row.ref: shelf.picture(known[row.id]) for row in report.evidence}
    return Exhibits(
        {ref: picture for ref, picture in pictures.items() if picture is not None},
        _clips(record, report, shelf) if clips else {},
    )


def _clips(record: Record, report: Report, shelf: Shelf) -> dict[Ref, bytes]:
    clips: dict[Ref, bytes] = {}
    room = MOST_CLIP_BYTES
    for row in report.sources:
        sound = shelf.clip(record, row.audio) if row.audio is not None else None
        if sound is not None and len(sound) <= room:
            clips[row.ref] = sound
            room -= len(sound)
    return clips
