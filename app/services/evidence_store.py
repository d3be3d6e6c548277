"""Use cases: keep what proves a statement, and tie it to the entry that it proves."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import EvidenceError, InvalidRecordError
from app.domain.events import RecordChanged
from app.domain.evidence import Evidence, EvidenceKind
from app.domain.evidence_kinds import checked_link, kind_of_file, kind_of_link
from app.domain.ids import EvidenceId, new_id
from app.domain.limits import LONGEST_NAME, refuse_text
from app.domain.record import Change
from app.evidence_files.pictures import (
    Picture,
    is_picture,
    picture_suffix,
    read_picture,
    taken_at,
)
from app.services.entry_steps import Steps, entry_of, with_evidence
from app.services.evidence_check import check_evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from app.domain.ids import EntryId, IncidentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Operation, Record
    from app.evidence_files.files import EvidenceFiles
    from app.services.evidence_check import EvidenceCheck


@dataclass(frozen=True, slots=True)
class EvidenceWords:
    """What a person says of a piece of evidence; None or empty where they say nothing.

    ``captured_at`` is when it looked like that. Of a file it is taken from the picture itself
    if that tells it with its time zone; the file's own date proves nothing and is not taken.
    """

    kind: EvidenceKind | None = None
    captured_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenedEvidence:
    """Where a file of evidence lies, and its picture; None where it shows none here."""

    path: Path
    picture: Picture | None


NOTHING_SAID = EvidenceWords()


class EvidenceStore:
    """Adds links, files and pictures. The file is on the disk before the record names it."""

    def __init__(
        self, store: RecordStore, bus: EventBus, files: EvidenceFiles, *, actor: str
    ) -> None:
        self._store = store
        self._bus = bus
        self._files = files
        self._steps = Steps(store, bus, actor=actor)

    @property
    def files(self) -> EvidenceFiles:
        """Where the files lie; gives their paths and small pictures."""
        return self._files

    def add(
        self,
        incident_id: IncidentId,
        things: Sequence[str | Path],
        words: EvidenceWords = NOTHING_SAID,
        *,
        entry_id: EntryId | None = None,
    ) -> tuple[Evidence, ...]:
        """Put links (``str``) and files (``Path``) on record, as one step; tie them to an entry.

        What is on record already with all that is said of it is not put there twice, but tied.

        Raises:
            InvalidRecordError: A link is none, what a thing is must be said, a file is said to
                be a screenshot and is no picture, or a text is too long or none.
            EvidenceError: A file cannot be read, or not be stored.
            NotFoundError: There is no such entry.
        """
        record = self._record(incident_id, entry_id)
        kinds = [_kind(thing, words) for thing in things]  # before anything is copied
        _refuse_unfit(words, things)
        told = (
            self._link(incident_id, thing, kind, words)
            if isinstance(thing, str)
            else self._file(incident_id, thing, kind, words)
            for thing, kind in zip(things, kinds, strict=True)
        )
        made = _once(record.evidence, told)
        self._keep(record, made, entry_id)
        return made

    def add_picture(
        self,
        incident_id: IncidentId,
        content: bytes,
        words: EvidenceWords = NOTHING_SAID,
        *,
        entry_id: EntryId | None = None,
        name: str | None = None,
    ) -> Evidence:
        """Keep a picture that was pasted or dropped: the bytes of a PNG, JPEG and so on.

        Raises:
            EvidenceError: The bytes are no picture, or cannot be stored.
            InvalidRecordError: The note or the name is too long, or no text.
            NotFoundError: There is no such entry.
        """
        record = self._record(incident_id, entry_id)
        _refuse_unfit(words, [])
        refuse_text(name or "", "name", longest=LONGEST_NAME)
        stored = self._files.add(incident_id, content, suffix=picture_suffix(content))
        made = Evidence(
            EvidenceId(new_id("evi")),
            incident_id,
            words.kind or EvidenceKind.SCREENSHOT,
            file=stored.file,
            sha256=stored.sha256,
            captured_at=words.captured_at,
            note=words.note.strip() or None,
            name=name,
        )
        self._keep(record, (made,), entry_id)
        return made

    def attach(
        self, incident_id: IncidentId, entry_id: EntryId, evidence: Sequence[EvidenceId]
    ) -> Operation | None:
        """Tie evidence to an entry; None if it was tied to it already.

        Raises:
            NotFoundError: There is no such entry or evidence.
        """
        record = self._store.record(incident_id)
        before = entry_of(record, entry_id)
        after = with_evidence(record, before, evidence)
        return self._steps.keep(incident_id, [Change(before, after)], "attach evidence")

    def detach(
        self, incident_id: IncidentId, entry_id: EntryId, evidence: Sequence[EvidenceId]
    ) -> Operation | None:
        """Untie evidence from an entry; it stays on record.

        Raises:
            InvalidRecordError: Some of it is not tied to the entry.
            NotFoundError: There is no such entry.
        """
        record = self._store.record(incident_id)
        before = entry_of(record, entry_id)
        for one in evidence:
            if one not in before.evidence:
                raise InvalidRecordError(
                    "evidence",
                    f"{one} is not tied to {entry_id}",
                    remedy="“hotwash evidence ID --json” tells the entries of each.",
                )
        kept = tuple(one for one in before.evidence if one not in evidence)
        change = Change(before, replace(before, evidence=kept))
        return self._steps.keep(incident_id, [change], "detach evidence")

    def thumbnail(self, evidence: Evidence) -> Path:
        """Return a small PNG of a picture of evidence, made if it is not there yet.

        Raises:
            EvidenceError: It is no picture, a broken or huge one, or not what was put on record.
        """
        return self._files.thumbnail(evidence)

    def opened(self, evidence: Evidence, edge_px: int) -> OpenedEvidence:
        """Read a file of evidence: its pixels, at most so many in width and height, and where.

        Raises:
            EvidenceError: It is a link, or the file is not what was put on record.
        """
        path = self._files.intact(evidence)
        picture = None
        if kind_of_file(path.name) is EvidenceKind.SCREENSHOT:
            # What Pillow does not take, too large or broken, another program may
            with suppress(EvidenceError):
                picture = read_picture(path, edge_px)
        return OpenedEvidence(path, picture)

    def check(self, incident_id: IncidentId) -> EvidenceCheck:
        """Read every file of evidence again, and look for files that nothing names."""
        return check_evidence(self._store.record(incident_id), self._files)

    def _record(self, incident_id: IncidentId, entry_id: EntryId | None) -> Record:
        """Read the record; refuse an unknown entry before anything is copied."""
        record = self._store.record(incident_id)
        if entry_id is not None:
            entry_of(record, entry_id)
        return record

    def _link(
        self, incident_id: IncidentId, url: str, kind: EvidenceKind, words: EvidenceWords
    ) -> Evidence:
        return Evidence(
            EvidenceId(new_id("evi")),
            incident_id,
            kind,
            url=checked_link(url),
            captured_at=words.captured_at,
            note=words.note.strip() or None,
        )

    def _file(
        self, incident_id: IncidentId, path: Path, kind: EvidenceKind, words: EvidenceWords
    ) -> Evidence:
        stored = self._files.add(incident_id, path)
        return Evidence(
            EvidenceId(new_id("evi")),
            incident_id,
            kind,
            file=stored.file,
            sha256=stored.sha256,
            captured_at=words.captured_at or taken_at(path),
            note=words.note.strip() or None,
            name=_shown_name(path),
        )

    def _keep(self, record: Record, made: Sequence[Evidence], entry_id: EntryId | None) -> None:
        changes: list[Change] = [Change(None, one) for one in made if one not in record.evidence]
        if entry_id is not None:
            before = entry_of(record, entry_id)
            tied = dict.fromkeys((*before.evidence, *(one.id for one in made)))
            changes.append(Change(before, replace(before, evidence=tuple(tied))))
        if self._steps.keep(record.incident.id, changes, "add evidence") is None:
            # A file that was missing may be back in its place.
            self._bus.publish(RecordChanged(record.incident.id, None))


def _once(known: Sequence[Evidence], made: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return what was made; in place of what adds nothing to a thing that is known, that thing."""
    there, kept = list(known), []
    for one in made:
        double = next((other for other in there if not one.adds_to(other)), None)
        if double is None:
            there.append(one)
        kept.append(double or one)
    return tuple(dict.fromkeys(kept))


def _refuse_unfit(words: EvidenceWords, things: Sequence[str | Path]) -> None:
    """Refuse what would be refused when it is put on record, but before a file lies there."""
    refuse_text(words.note.strip(), "note")
    for thing in things:
        if isinstance(thing, str):
            refuse_text(thing, "url")
        else:
            refuse_text(_shown_name(thing), "name", longest=LONGEST_NAME)


def _shown_name(path: Path) -> str:
    """Return the file's name; what is no UTF-8 of it, as the sign for what cannot be read."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _kind(thing: str | Path, words: EvidenceWords) -> EvidenceKind:
    """Return what it is: as a person says, else as its address or name shows beyond doubt."""
    if isinstance(thing, str):
        try:
            guessed = kind_of_link(checked_link(thing))
        except ValueError as cause:
            raise InvalidRecordError("url", str(cause)) from cause
    else:
        guessed = kind_of_file(thing.name)
    kind = words.kind or guessed
    if kind is None:
        raise InvalidRecordError(
            "kind",
            f"what {thing} is does not show in its name",
            remedy=f"Say it with --kind: {', '.join(EvidenceKind)}.",
        )
    if kind is EvidenceKind.SCREENSHOT and not isinstance(thing, str) and not is_picture(thing):
        others = ", ".join(one for one in EvidenceKind if one is not kind)
        raise InvalidRecordError(
            "kind",
            f"{thing.name} is no picture (PNG, JPEG, GIF, WebP, BMP or TIFF), and no screenshot",
            remedy=f"Save it as a picture, or say with --kind what it is: {others}.",
        )
    return kind
