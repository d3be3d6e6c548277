"""Use case: take what was said out of everything, for good."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, is_being_written
from app.domain.errors import StorageError
from app.domain.events import RecordChanged, SegmentsReplaced
from app.domain.ids import IncidentId, RedactionId, new_id
from app.domain.redaction_plan import Reach, plan_redaction
from app.domain.redactions import Redaction
from app.domain.times import iso_utc, now_utc
from app.domain.typed_cut import choice_of
from app.services.recognition_turn import at_rest
from app.services.record_json import record_bytes
from app.services.redaction_conditions import (
    WordsElsewhereError,
    check_reason,
    check_words,
    label_of,
)
from app.services.redaction_extent import Preview, Redacted, extent_of, left_of
from app.services.redaction_files import FileSearch, backups_in
from app.services.redaction_memory import RedactionMemory
from app.services.redaction_sweep import begin, finish, foresee_sweep, is_pending, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from app.domain.cuts import Cut
    from app.domain.home import Home
    from app.domain.ids import SessionId
    from app.domain.ports import AudioArchive, EventBus, RecordStore
    from app.domain.record import Record
    from app.domain.record_rewriter import RecordRewriter
    from app.domain.redaction_plan import RedactionPlan
    from app.domain.text_fields import Values
    from app.domain.times import Span
    from app.domain.typed_cut import Choice


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
        self._memory = RedactionMemory(home)

    def redact(
        self,
        incident_id: IncidentId,
        spans: Sequence[str],
        *,
        reason: str,
        also: Sequence[str] = (),
        reach: Reach | None = None,
    ) -> Redacted:
        """Make stretches silent and take their words out of everything.

        A span is ``SEGMENT``, ``SEGMENT[3:5]`` (its words 3 and 4, counted from 0),
        ``SESSION@1:17-1:20.5`` or ``ENTRY``: its text goes as words, the audio that it cites
        stays and is named. Ids by their beginning. ``also`` are further words that go out of
        every text of every incident, with a span or without.

        Where no audio goes there is no ``Redaction``, which is a stretch: the step in the history
        bears the reason.

        Raises:
            NotFoundError: There is no such segment, session or entry.
            InvalidRecordError: Nothing is chosen, a span is none, the reason is empty or says the
                words, or words alone are to go only here.
            FolderInUseError: A session is being recorded.
            RecordError: A session is being transcribed.
            WordsElsewhereError: Other incidents hold the words, and ``reach`` is not given.
            StorageError: The database or a file cannot be written.
        """
        if is_pending(self._home, incident_id):  # what an earlier call did may still be traced
            self._rewriter.purge()
        record, choice = self._choice(incident_id, spans, also, reach)
        with contextlib.ExitStack() as at_end:
            for session_id in self._folders(record, choice.cuts).values():
                at_end.enter_context(at_rest(self._home, record.session(session_id)))
            search, holding = self._searched(incident_id, choice, also, reach)
            check_reason(search.plan, reason)
            if holding and reach is None:
                raise WordsElsewhereError(holding)
            return self._carry_out(record, search, reason.strip())

    def preview(
        self,
        incident_id: IncidentId,
        spans: Sequence[str],
        *,
        also: Sequence[str] = (),
        reach: Reach | None = None,
    ) -> Preview:
        """Return what ``redact`` would do, without ``reach`` as if only here; changes nothing.

        Raises:
            NotFoundError, InvalidRecordError, FolderInUseError: as ``redact``.
        """
        record, choice = self._choice(incident_id, spans, also, reach)
        for folder in self._folders(record, choice.cuts):
            if is_being_written(folder):
                raise FolderInUseError(folder)
        search, holding = self._searched(incident_id, choice, also, reach)
        plan, swept = search.plan, foresee_sweep(search)
        foreseen = self._rewriter.foresee(plan, swept.hashes)
        counted = Counter(change.kind for change in foreseen.changes)
        swept.files[:0] = self._names_of_audio(record, plan, self._archive.foresee_silence)
        return Preview(
            incident_id,
            extent_of(plan, counted, swept, left_of(plan, foreseen)),
            tuple(
                change for change in foreseen.changes if change.excerpts and not change.is_history
            ),
            holding,
            plan.sought.told,
        )

    def _choice(
        self,
        incident_id: IncidentId,
        spans: Sequence[str],
        also: Sequence[str],
        reach: Reach | None,
    ) -> tuple[Record, Choice]:
        """Return the record, and what is chosen of it."""
        record = self._store.record(incident_id)
        choice = choice_of(record, spans)
        if not spans:
            check_words(also, reach)
        return record, choice

    def _folders(self, record: Record, cuts: Sequence[Cut]) -> dict[Path, SessionId]:
        """Return the folders in which there is audio of the stretches."""
        sessions = dict.fromkeys(cut.session_id for cut in cuts)
        folders = {self._home.session_dir(record.incident.id, name): name for name in sessions}
        return {folder: name for folder, name in folders.items() if folder.is_dir()}

    def _searched(
        self,
        incident_id: IncidentId,
        choice: Choice,
        also: Sequence[str],
        reach: Reach | None,
    ) -> tuple[FileSearch, tuple[str, ...]]:
        """Return the search for what goes, and the others that hold more than goes unasked."""
        states = self._states(incident_id)
        narrow = plan_redaction(incident_id, choice.cuts, also, states, choice.entries)
        wide = narrow.everywhere()
        search = FileSearch(self._home, wide, self._archive, self._rewriter)
        in_wide = self._in_others(search, search.other_incidents())
        whose = sorted({place[0] for place in in_wide})
        in_narrow = self._in_others(replace(search, plan=narrow), whose)
        holding = tuple(sorted({place[0] for place in in_wide - in_narrow}))
        if reach is Reach.EVERYWHERE:
            plan = replace(wide, others=frozenset(whose))
        else:
            others = frozenset(place[0] for place in in_narrow)
            plan = replace(narrow, others=others, spared=frozenset(holding))
        return replace(search, plan=plan), holding

    def _in_others(self, search: FileSearch, folders: Sequence[str]) -> set[tuple[str, str, str]]:
        """Return what goes out of other incidents: whose it is, where, and what it becomes."""
        plan = search.plan
        if not plan.elsewhere.seeks:
            return set()
        found = {
            (change.incident_id, f"{change.kind} {change.key}", json.dumps(change.after))
            for change in self._rewriter.foresee(plan, {}).changes
            if change.incident_id != plan.incident_id
        }
        return found | {
            (incident_id, str(step.path), repr(step.spans))
            for incident_id in folders
            for step in search.steps_in(IncidentId(incident_id))
            if step.tells_of_words
        }

    def _states(self, incident_id: IncidentId) -> Iterator[tuple[str, Values]]:
        yield from self._rewriter.states(incident_id)
        for path in backups_in(self._home):
            with contextlib.suppress(StorageError):  # it is searched as bytes
                yield from self._rewriter.states_in(path, incident_id)

    def _carry_out(self, record: Record, search: FileSearch, reason: str) -> Redacted:
        plan, incident_id, at = search.plan, record.incident.id, iso_utc(now_utc())
        left = left_of(plan, self._rewriter.foresee(plan, {}))
        begin(self._home, incident_id)
        for concerned in (incident_id, *sorted(plan.others)):
            name = IncidentId(concerned)
            self._memory.keep(name, plan.sought_of(name))

        def silence(folder: Path, stretches: Sequence[Span]) -> tuple[str, ...]:
            self._archive.recover(folder)
            by = self._actor
            return self._archive.silence(folder, stretches, at=at, by=by, reason=reason)

        audio = self._names_of_audio(record, plan, silence)
        swept = sweep(search, at=at, by=self._actor)
        swept.files[:0] = audio
        known, new = self._redactions(record, plan, reason)
        operation, changed = self._rewriter.rewrite(
            plan,
            new,
            hashes=swept.hashes,
            by=self._actor,
            label=label_of(plan, reason),
        )
        self._rewriter.purge()
        for concerned in (incident_id, *sorted(plan.others)):
            name = IncidentId(concerned)
            self._memory.forget_what_stands(name, record_bytes(self._store.record(name)).decode())
        finish(self._home, incident_id)
        if operation is not None:
            self._bus.publish(RecordChanged(incident_id, operation))
        for changed_id in (incident_id, *sorted(plan.others)):
            self._bus.publish(SegmentsReplaced(IncidentId(changed_id)))
        return Redacted((*known, *new), extent_of(plan, changed, swept, left))

    def _names_of_audio(
        self,
        record: Record,
        plan: RedactionPlan,
        act: Callable[[Path, Sequence[Span]], Sequence[str]],
    ) -> list[str]:
        """Act on the stretches of each session; return the paths of the files that it names."""
        return [
            (folder / name).relative_to(self._home.root).as_posix()
            for folder, session_id in self._folders(record, plan.cuts).items()
            for name in act(folder, [c.audio for c in plan.cuts if c.session_id == session_id])
        ]

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
