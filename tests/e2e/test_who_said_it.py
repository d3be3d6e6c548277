"""After any rename, merge, split or reassignment, every view and export names the same person."""

from __future__ import annotations

import copy
import functools
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.domain.errors import AppError
from app.domain.home import Home
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.timeline import EntryKind
from app.domain.transcript import RecognitionPass, Speaker
from app.services.bus import LocalBus
from app.services.editing import Editing
from app.services.people import People
from app.services.promotion import Promotion, Selection
from app.services.record_json import record_document
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from drafting.markdown import markdown
from drafting.markdown_words import escaped
from drafting.outline import outline
from tests.builders import (
    BRIDGE,
    INCIDENT,
    a_segment,
    a_session,
    a_speaker,
    a_track,
    an_incident,
)
from tests.command_line import Hotwash
from tests.unit.drafting.checkout import OPTIONS
from tests.unit.drafting.rendered import made, text_of
from ui.transcript.model import TranscriptModel
from ui.transcript.row import RowMaker, TranscriptRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.ids import SpeakerId
    from app.domain.record import Operation, Record
    from app.domain.transcript import Segment

VOICES = [a_speaker(f"Bridge {letter}", track_label=TrackLabel.BRIDGE) for letter in "ABC"]
WORDS_IN_LINE = 4
LINES = [
    a_segment(
        " ".join(f"word{n}{letter}" for letter in "abcd"),
        5_000 * n,
        5_000 * n + 4_000,
        speaker_id=VOICES[n % len(VOICES)].id,
    )
    for n in range(6)
]
NAMES = ["Priya", "Tomasz", "Ines", "Oluwaseun", "Marit"]
PICKS = st.integers(0, 11)


@dataclass
class Told:
    """What was said of whom, kept as plainly as can be: the test's own truth."""

    says: dict[str, SpeakerId]  # by word
    names: dict[SpeakerId, str | None]
    labels: dict[SpeakerId, str]
    merged: dict[SpeakerId, SpeakerId] = field(default_factory=dict)

    def one(self, voice: SpeakerId) -> SpeakerId:
        while voice in self.merged:
            voice = self.merged[voice]
        return voice

    @property
    def people(self) -> list[SpeakerId]:
        return sorted(
            (v for v in self.labels if v not in self.merged), key=self.labels.__getitem__
        )

    def shown(self, voice: SpeakerId) -> str:
        return self.names[self.one(voice)] or self.labels[self.one(voice)]

    def who(self, word: str) -> str:
        return self.shown(self.says[word])

    def printed(self, word: str) -> str:
        """Return who says a word as a report prints it."""
        name = self.names[self.one(self.says[word])]
        return name or f"{self.who(word)}, not confirmed"


def at_first() -> Told:
    return Told(
        {word: line.speaker_id for line in LINES for word in line.text.split()},  # type: ignore[misc]
        {voice.id: None for voice in VOICES},
        {voice.id: voice.label for voice in VOICES},
    )


@functools.cache
def _set_up() -> bytes:
    """A database with lines of three voices, each line cited by an entry of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqlRecordStore(open_database(Home(Path(folder)).database))
        parts = (an_incident(), a_session(), a_track(TrackLabel.BRIDGE), *VOICES)
        changes = [Change(None, part) for part in parts]
        store.commit(INCIDENT, changes, by="test", label="set up", undoable=False)
        store.add_segments(BRIDGE, LINES, made_in=RecognitionPass.FINAL, cursor_ms=80_000)
        promotion = Promotion(store, LocalBus(), actor="Marcus")
        for line in LINES:
            promotion.promote(INCIDENT, [Selection(line.id)], kind=EntryKind.FACT)
        store.close()
        return Home(Path(folder)).database.read_bytes()


class Naming(RuleBasedStateMachine):
    """``past`` and ``coming`` are what undo and redo lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Home(Path(tempfile.mkdtemp()))
        self.home.database.write_bytes(_set_up())
        self.store = SqlRecordStore(open_database(self.home.database))
        bus = LocalBus()
        self.people = People(self.store, bus, actor="Marcus")
        self.editing = Editing(self.store, bus, actor="Marcus")
        self.told = at_first()
        self.past: list[Told] = []
        self.coming: list[Told] = []

    # What people do

    def do(self, step: Callable[[], Operation | None]) -> Operation | None:
        """Do a step; None where it is refused or changes nothing."""
        before = copy.deepcopy(self.told)
        try:
            operation = step()
        except AppError:
            return None
        if operation is not None:
            self.past.append(before)
            self.coming = []
        return operation

    def line(self, pick: int) -> Segment:
        lines = self.store.record(INCIDENT).segments
        return lines[pick % len(lines)]

    @rule(pick=PICKS, name=st.sampled_from([*NAMES, ""]))
    def rename(self, pick: int, name: str) -> None:
        voice = self.told.people[pick % len(self.told.people)]
        if self.do(lambda: self.people.rename(INCIDENT, voice, name)):
            self.told.names[voice] = name or None

    @precondition(lambda self: len(self.told.people) > 1)
    @rule(first=PICKS, second=PICKS)
    def merge(self, first: int, second: int) -> None:
        people = self.told.people
        gone, kept = people[first % len(people)], people[second % len(people)]
        if self.do(lambda: self.people.merge(INCIDENT, gone, kept)):
            self.told.merged[gone] = kept
            self.told.names[kept] = self.told.names[kept] or self.told.names[gone]

    @rule(line=PICKS, first=st.integers(0, 3), more=st.integers(0, 3), pick=PICKS)
    def reassign(self, line: int, first: int, more: int, pick: int) -> None:
        chosen, voice = self.line(line), self.told.people[pick % len(self.told.people)]
        last = min(first + more, len(chosen.words) - 1)
        selection = [Selection(chosen.id, first, last)]
        if self.do(lambda: self.people.reassign(INCIDENT, selection, voice)):
            self.now_says(chosen, first, last, voice)

    @rule(line=PICKS, first=st.integers(0, 3), more=st.integers(0, 3))
    def split(self, line: int, first: int, more: int) -> None:
        chosen = self.line(line)
        last = min(first + more, len(chosen.words) - 1)
        operation = self.do(
            lambda: self.people.split(INCIDENT, [Selection(chosen.id, first, last)])
        )
        if operation is not None:
            self.now_says(chosen, first, last, self.learn(operation))

    @rule(line=PICKS)
    def split_from(self, line: int) -> None:
        chosen, lines = self.line(line), self.store.record(INCIDENT).segments
        old = self.told.one(self.told.says[chosen.words[0].text])
        operation = self.do(lambda: self.people.split_from(INCIDENT, chosen.id))
        if operation is None:
            return
        fresh = self.learn(operation)
        for later in (one for one in lines if one.start_ms >= chosen.start_ms):
            if self.told.one(self.told.says[later.words[0].text]) == old:
                self.now_says(later, 0, len(later.words) - 1, fresh)

    @rule()
    def undo(self) -> None:
        if self.past:
            self.editing.undo(INCIDENT)
            self.coming.append(self.told)
            self.told = self.past.pop()

    @rule()
    def redo(self) -> None:
        if self.coming:
            self.editing.redo(INCIDENT)
            self.past.append(self.told)
            self.told = self.coming.pop()

    def learn(self, operation: Operation) -> SpeakerId:
        (fresh,) = [c.after for c in operation.changes if isinstance(c.after, Speaker)]
        self.told.names[fresh.id], self.told.labels[fresh.id] = None, fresh.label
        return fresh.id

    def now_says(self, line: Segment, first: int, last: int, voice: SpeakerId) -> None:
        for word in line.words[first : last + 1]:
            self.told.says[word.text] = voice

    # What everybody sees

    @invariant()
    def every_view_agrees(self) -> None:
        record = self.store.record(INCIDENT)
        words = [word.text for line in record.segments for word in line.words]
        assert words == list(self.told.says), "no word is lost, doubled or moved"
        self.agree(record, self.in_window(record))
        self.agree(record, self.in_json(record))
        self.agree(record, {s.id: record.speaker_name(s.speaker_id) for s in record.segments})

    def agree(self, record: Record, seen: dict[str, str]) -> None:
        """Each line is of one person, and that is the one who was told to say each word."""
        for line in record.segments:
            assert {self.told.who(word.text) for word in line.words} == {seen[line.id]}

    def in_window(self, record: Record) -> dict[str, str]:
        model = TranscriptModel()
        model.replace_all(RowMaker(record).rows(record.segments))
        return {row.id: row.speaker for row in model.rows() if isinstance(row, TranscriptRow)}

    def in_json(self, record: Record) -> dict[str, str]:
        document = record_document(record)
        names = {voice["id"]: voice["name"] or voice["label"] for voice in document["speakers"]}
        return {line["id"]: names[line["speaker_id"]] for line in document["segments"]}

    def teardown(self) -> None:
        record = self.store.record(INCIDENT)
        self.check_reports(record)
        self.check_search(record)
        self.check_command_line()
        self.store.close()
        shutil.rmtree(self.home.root)

    def check_reports(self, record: Record) -> None:
        """Each entry's source names those who say its words, in Markdown and PDF alike."""
        text = markdown(record, OPTIONS)
        for source in outline(record, OPTIONS).sources:
            people = {self.told.printed(word) for word in source.quote.split()}
            assert source.speaker in {", ".join(some) for some in permutations(people)}
            assert escaped(source.speaker) in text
        in_pdf = text_of(made(record))
        speaking = {self.told.who(word) for word in self.told.says}
        for written in (text, in_pdf):
            named = {name for name in NAMES if re.search(rf"\b{name}\b", written)}
            assert named == speaking & set(NAMES)

    def check_search(self, record: Record) -> None:
        lines = {line.id: record.speaker_name(line.speaker_id) for line in record.segments}
        for word in self.told.says:
            (hit,) = self.store.search(word)
            assert lines[hit.segment_id] == self.told.who(word)

    def check_command_line(self) -> None:
        listed = Hotwash(self.home.root, {}).json("speakers", INCIDENT)["speakers"]
        shown = {voice["id"]: voice["name"] or voice["label"] for voice in listed}
        assert shown == {voice: self.told.shown(voice) for voice in self.told.people}
        words = sum(voice["talk_ms"] for voice in listed)
        assert words == sum(line.span.duration_ms for line in LINES)


TestNaming = Naming.TestCase
SHORT = settings(
    max_examples=4,
    stateful_step_count=10,
    deadline=None,
    phases=(Phase.reuse, Phase.generate),
)
TestNaming.settings = SHORT


@pytest.mark.prove
@pytest.mark.timeout(3_600)
class TestNamingAtLength(Naming.TestCase):  # type: ignore[misc,valid-type]
    """The same for hundreds of ways in which people name and mend."""

    settings = settings(SHORT, max_examples=150, stateful_step_count=30)
