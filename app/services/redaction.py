"""Use case: take what was said out of everything, for good."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import InvalidRecordError, NotFoundError, StorageError
from app.domain.events import RecordChanged, SegmentsReplaced
from app.domain.ids import RedactionId, new_id
from app.domain.redacting import MARK
from app.domain.redaction_plan import Cut, plan_redaction
from app.domain.redactions import Redaction
from app.domain.sessions import Session
from app.domain.times import Span, iso_utc, now_utc
from app.domain.transcript import Segment
from app.domain.typed_time import position_ms
from app.services.recognition_turn import at_rest
from app.services.redaction_sweep import backups_in, begin, finish, is_pending, sweep

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.domain.ports import AudioArchive, EventBus, RecordStore
    from app.domain.record import Record
    from app.domain.record_rewriter import RecordRewriter
    from app.domain.redaction_plan import RedactionPlan
    from app.domain.text_fields import Values

T = TypeVar("T", Segment, Session)
WORDS = re.compile(r"(?P<segment>[^\[@]+)(?:\[(?P<first>\d*):(?P<last>\d*)\])?")
STRETCH = re.compile(r"(?P<session>[^@]+)@(?P<start>[^-]+)-(?P<end>[^-]+)")
IN_ANOTHER = "its record holds the same words: redact them there, or name them with --also"
SAID_ELSEWHERE = "the same words were said there: its text is redacted, its audio is not"


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was done.

    ``segments`` and ``texts`` count what changed: parts of the transcript, and other things of
    the record with their history; ``files`` are audio and others. Paths are relative to the data
    folder; ``left`` says what a person must look at, and why.
    """

    redactions: tuple[Redaction, ...]
    segments: int
    texts: int
    files: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


class RedactionDesk:
    """Redacts. Audio and files first, the record last: only what is done is on record.

    Whatever ends it half-way, the same call again completes it.
    """

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        archive: AudioArchive,
        rewriter: RecordRewriter,
        actor: str,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._archive = archive
        self._rewriter = rewriter
        self._actor = actor

    def redact(
        self,
        incident_id: IncidentId,
        spans: Sequence[str],
        *,
        reason: str,
        also: Sequence[str] = (),
    ) -> Redacted:
        """Make stretches silent and take their words out of everything.

        A span is ``SEGMENT``, ``SEGMENT[3:5]`` (its words 3 and 4, counted from 0) or
        ``SESSION@1:17-1:20.5``; ids by their beginning. ``also`` are further words that go out of
        every text of every incident.

        Raises:
            NotFoundError: There is no such segment or session.
            InvalidRecordError: A span is none, or the reason is empty or says the words.
            FolderInUseError: A session is being recorded.
            RecordError: A session is being transcribed.
            StorageError: The database or a file cannot be written.
        """
        if is_pending(self._home, incident_id):  # what an earlier call did may still be traced
            self._rewriter.purge()
        record = self._store.record(incident_id)
        cuts = tuple(dict.fromkeys(cut_of(record, typed) for typed in spans))
        if not cuts:
            raise InvalidRecordError("span", "nothing is chosen")
        with contextlib.ExitStack() as at_end:
            for session_id in dict.fromkeys(cut.session_id for cut in cuts):
                at_end.enter_context(at_rest(self._home, record.session(session_id)))
            plan = plan_redaction(incident_id, cuts, also, self._states(incident_id))
            _check_reason(plan, reason)
            return self._carry_out(record, plan, reason.strip())

    def _states(self, incident_id: IncidentId) -> Iterator[tuple[str, Values]]:
        yield from self._rewriter.states(incident_id)
        for path in backups_in(self._home):
            with contextlib.suppress(StorageError):  # it is searched as bytes
                yield from self._rewriter.states_in(path, incident_id)

    def _carry_out(self, record: Record, plan: RedactionPlan, reason: str) -> Redacted:
        incident_id, moment = record.incident.id, now_utc()
        at = iso_utc(moment)
        begin(self._home, incident_id)
        files = self._silence(record, plan, at, reason)
        swept = sweep(
            self._home,
            plan,
            archive=self._archive,
            rewriter=self._rewriter,
            at=at,
            by=self._actor,
        )
        known, new = self._redactions(record, plan, reason)
        count = len(plan.cuts)
        operation, changed = self._rewriter.rewrite(
            plan,
            new,
            hashes=swept.hashes,
            by=self._actor,
            label=f"redact {count} span{'s' if count > 1 else ''}",
        )
        self._rewriter.purge()
        finish(self._home, incident_id)
        if operation is not None:
            self._bus.publish(RecordChanged(incident_id, operation))
        self._bus.publish(SegmentsReplaced(incident_id))
        return Redacted(
            redactions=(*known, *new),
            segments=changed["segment"],
            texts=_texts(changed),
            files=(*files, *swept.files),
            removed=tuple(swept.removed),
            left=(
                *swept.left,
                *self._said_elsewhere(record, plan),
                *self._in_other_incidents(plan),
            ),
        )

    def _silence(self, record: Record, plan: RedactionPlan, at: str, reason: str) -> list[str]:
        files = []
        for session_id in dict.fromkeys(cut.session_id for cut in plan.cuts):
            folder = self._home.session_dir(record.incident.id, session_id)
            if not folder.is_dir():
                continue
            self._archive.recover(folder)
            stretches = [cut.audio for cut in plan.cuts if cut.session_id == session_id]
            names = self._archive.silence(folder, stretches, at=at, by=self._actor, reason=reason)
            files += [(folder / name).relative_to(self._home.root).as_posix() for name in names]
        return files

    def _redactions(
        self, record: Record, plan: RedactionPlan, reason: str
    ) -> tuple[list[Redaction], list[Redaction]]:
        """Return those on record that say the same, and those to be put there."""
        known, new = [], []
        for cut in plan.cuts:
            same = [
                redaction
                for redaction in record.redactions
                if redaction.session_id == cut.session_id and redaction.span == cut.audio
            ]
            if same:
                known.append(same[0])
                continue
            new.append(
                Redaction(
                    RedactionId(new_id("red")),
                    record.incident.id,
                    cut.session_id,
                    tuple(track.id for track in record.tracks_of(cut.session_id)),
                    cut.audio.start_ms,
                    cut.audio.end_ms,
                    now_utc(),
                    self._actor,
                    reason,
                )
            )
        return known, new

    def _said_elsewhere(self, record: Record, plan: RedactionPlan) -> list[tuple[str, str]]:
        return [
            (segment.id, SAID_ELSEWHERE)
            for segment in record.segments
            if not segment.redacted
            and plan.sought.holds(segment.text)
            and not any(_lies_in(segment, cut) for cut in plan.cuts)
        ]

    def _in_other_incidents(self, plan: RedactionPlan) -> list[tuple[str, str]]:
        """Name the other incidents whose record holds the words: nobody chose those."""
        others = (i.id for i in self._store.incidents() if i.id != plan.incident_id)
        return [
            (f"incident {other}", IN_ANOTHER)
            for other in others
            if any(
                plan.sought.holds(text)
                for _kind, values in self._rewriter.states(other)
                for text in _strings(values)
            )
        ]


def cut_of(record: Record, typed: str) -> Cut:
    """Return the stretch that was typed.

    Raises:
        NotFoundError: There is no such segment or session.
        InvalidRecordError: It is no stretch.
    """
    if stretch := STRETCH.fullmatch(typed.strip()):
        return _by_clock(record, typed, stretch)
    words = WORDS.fullmatch(typed.strip())
    if words is None:
        raise InvalidRecordError(
            f"span “{typed}”",
            "it is none of SEGMENT, SEGMENT[3:5] and SESSION@1:17-1:20.5",
        )
    found = _named(record.segments, words["segment"], "segment", "hotwash show ID --json")
    if words["first"] is None:
        return Cut(found.session_id, found.span, found.track_id)
    first = int(words["first"] or 0)
    chosen = found.words[first : int(words["last"]) if words["last"] else None]
    if not chosen:
        raise InvalidRecordError(
            f"span “{typed}”", f"the segment has {len(found.words)} words with times"
        )
    redacted = [word.text == MARK for word in chosen]
    if any(redacted) and not all(redacted):  # offsets have moved since they were looked up
        raise InvalidRecordError(
            f"span “{typed}”",
            "some of these words are redacted already",
            remedy="Look at the segment again and choose words beside the mark.",
        )
    end_ms = max(chosen[-1].end_ms, chosen[0].start_ms + 1)
    return Cut(found.session_id, Span(chosen[0].start_ms, end_ms), found.track_id)


def _by_clock(record: Record, typed: str, stretch: re.Match[str]) -> Cut:
    session = _named(record.sessions, stretch["session"], "session", "hotwash show ID --json")
    try:
        span = Span(position_ms(stretch["start"]), position_ms(stretch["end"]))
    except ValueError as cause:
        raise InvalidRecordError(f"span “{typed}”", str(cause)) from cause
    lengths = [track.duration_ms or 0 for track in record.tracks_of(session.id)]
    if lengths and span.start_ms >= max(lengths):
        raise InvalidRecordError(f"span “{typed}”", "the session is over before that")
    return Cut(session.id, span)


def _named(things: Sequence[T], wanted: str, what: str, see: str) -> T:
    """Return the thing whose id is, or alone begins with, what was typed."""
    exact = [thing for thing in things if thing.id == wanted]
    found = exact or [thing for thing in things if thing.id.startswith(wanted)]
    if len(found) != 1:
        problem = f"Several {what}s begin with" if found else f"There is no {what}"
        raise NotFoundError(f"{problem} “{wanted}”.", remedy=f"See “{see}”.")
    return found[0]


def _check_reason(plan: RedactionPlan, reason: str) -> None:
    """Refuse a reason that would keep what goes: it stands in the record and in the journal."""
    if not reason.strip():
        raise InvalidRecordError("reason", "a redaction needs a reason")
    if plan.sought.holds(reason):
        raise InvalidRecordError(
            "reason", "it repeats words that are to go", remedy="Say why without saying what."
        )


def _lies_in(segment: Segment, cut: Cut) -> bool:
    return cut.covers(segment.session_id, segment.track_id, segment.start_ms, segment.end_ms)


def _texts(changed: Counter[str]) -> int:
    return changed.total() - changed["segment"]


def _strings(values: object) -> Iterator[str]:
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        for value in values.values():
            yield from _strings(value)
    elif isinstance(values, list):
        for value in values:
            yield from _strings(value)
