"""Whatever is done to a record is undone and done again to an equal one, by any program."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.domain.errors import AppError
from app.domain.home import Home
from app.domain.imported import EventKind
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.timeline import Anchor, EntryKind, MitigationResult
from app.domain.times import Span
from app.domain.transcript import RecognitionPass
from app.evidence_files.files import EvidenceFiles
from app.services.bus import LocalBus
from app.services.editing import Editing
from app.services.evidence_store import EvidenceStore
from app.services.promotion import Given, Promotion, Selection
from app.services.record_edits import RecordEdits
from app.services.status_updates import StatusUpdates, StatusWords
from app.services.steps import Steps
from app.services.timeline_editing import TimelineEditing
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import (
    BRIDGE,
    INCIDENT,
    SESSION,
    a_marker,
    a_segment,
    a_session,
    a_track,
    an_incident,
)
from tests.record_builders import a_message, an_event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.evidence import Evidence
    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry

KINDS = st.sampled_from(EntryKind)
ANCHORS = st.none() | st.sampled_from(Anchor)
PICKS = st.integers(0, 7)
MESSAGE, MARKER, SEGMENT = a_message("rolled back at 14:21"), a_marker(), a_segment()
DEPLOY = an_event(kind=EventKind.DEPLOY, text="v4.2.0")
Thing = TypeVar("Thing", "TimelineEntry", "Evidence")
LINK = "https://grafana.acme.example/d/1"


class Services:
    """What people do to a record, over one database."""

    def __init__(self, home: Home) -> None:
        self.store = store = SqlRecordStore(open_database(home.database))
        bus, who = LocalBus(), {"actor": "Marcus"}
        self.promotion = Promotion(store, bus, **who)
        self.editing = Editing(store, bus, **who)
        self.timeline = TimelineEditing(store, bus, **who)
        self.evidence = EvidenceStore(store, bus, EvidenceFiles(home), **who)
        self.edits = RecordEdits(store, bus, **who)
        self.status = StatusUpdates(Steps(store, bus, **who))


def set_up(services: Services) -> None:
    parts = (an_incident(), a_session(), a_track(TrackLabel.ROOM), a_track(TrackLabel.BRIDGE))
    changes = [Change(None, part) for part in (*parts, MESSAGE, DEPLOY, MARKER)]
    store = services.store
    store.commit(INCIDENT, changes, by="test", label="set up", undoable=False)
    store.add_segments(BRIDGE, [SEGMENT], made_in=RecognitionPass.FINAL, cursor_ms=80_000)


def facts(store: SqlRecordStore) -> Record:
    """The record without its history."""
    return replace(store.record(INCIDENT), operations=())


@functools.cache
def _fresh_database() -> bytes:
    """A database that is set up: each run of the machine begins with a copy."""
    with tempfile.TemporaryDirectory() as folder:
        services = Services(Home(Path(folder)))
        set_up(services)
        services.store.close()
        return Home(Path(folder)).database.read_bytes()


class StepsOfAPerson(RuleBasedStateMachine):
    """``past`` are the records that undo goes back through, ``coming`` those of redo."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = Home(self.folder)
        self.home.database.write_bytes(_fresh_database())
        self.services = Services(self.home)
        self.now = facts(self.services.store)
        self.past: list[Record] = []
        self.coming: list[Record] = []
        self.seen: dict[str, int] = {}

    def do(self, step: Callable[[], Any]) -> None:
        """Do a step that may be refused; then, or where it changes nothing, it is none."""
        count = len(self.services.store.record(INCIDENT).operations)
        try:
            step()
        except AppError:
            assert facts(self.services.store) == self.now, "what is refused changes nothing"
        if len(self.services.store.record(INCIDENT).operations) > count:
            self.past.append(self.now)
            self.now, self.coming = facts(self.services.store), []
            for thing in (*self.now.entries, *self.now.evidence):  # one at most is new
                self.seen.setdefault(thing.id, len(self.seen))

    def pick(self, things: Sequence[Thing], number: int) -> Thing:
        """Choose by the order in which they came: ids are random, and a run is repeated."""
        ordered = sorted(things, key=lambda one: self.seen[one.id])
        return ordered[number % len(ordered)]

    def entry(self, pick: int) -> TimelineEntry:
        return self.pick(self.now.entries, pick)

    @rule(kind=KINDS, anchor=ANCHORS)
    def promote_words(self, kind: EntryKind, anchor: Anchor | None) -> None:
        chosen = [Selection(SEGMENT.id, 0, 2)]
        promote = self.services.promotion.promote
        self.do(lambda: promote(INCIDENT, chosen, kind=kind, given=Given("", anchor)))

    @rule(kind=KINDS, pick=PICKS)
    def promote_another_thing(self, kind: EntryKind, pick: int) -> None:
        work = self.services.promotion
        ways: list[Callable[[], Any]] = [
            lambda: work.promote_message(INCIDENT, MESSAGE.id, kind=kind),
            lambda: work.promote_event(INCIDENT, DEPLOY.id, kind=kind),
            lambda: work.promote_marker(INCIDENT, MARKER.id, kind=kind, text="here"),
            lambda: work.promote_stretch(INCIDENT, SESSION, Span(70_000, 80_000), kind=kind),
        ]
        self.do(ways[pick % len(ways)])

    @precondition(lambda self: self.now.entries)
    @rule(pick=PICKS, kind=KINDS)
    def make_another_kind(self, pick: int, kind: EntryKind) -> None:
        name = self.entry(pick).id
        self.do(lambda: self.services.editing.set_kind(INCIDENT, name, kind))

    @precondition(lambda self: self.now.entries)
    @rule(pick=PICKS, remove=st.booleans())
    def reword_or_remove(self, pick: int, remove: bool) -> None:  # noqa: FBT001  drawn
        name, editing = self.entry(pick).id, self.services.editing
        if remove:
            self.do(lambda: editing.remove_entry(INCIDENT, name))
        else:
            self.do(lambda: editing.set_text(INCIDENT, name, f"reworded {pick}"))

    @precondition(lambda self: self.now.entries)
    @rule(pick=PICKS, typed=st.sampled_from(["14:02", "14:02:31", "unknown", "soon"]))
    def retime(self, pick: int, typed: str) -> None:
        name = self.entry(pick).id
        self.do(lambda: self.services.timeline.retime(INCIDENT, name, typed))

    @precondition(lambda self: self.now.entries)
    @rule(pick=PICKS, anchor=ANCHORS, because=st.sampled_from([None, "", "nobody looked"]))
    def anchor(self, pick: int, anchor: Anchor | None, because: str | None) -> None:
        name, timeline = self.entry(pick).id, self.services.timeline
        self.do(lambda: timeline.set_anchor(INCIDENT, name, anchor, because=because))

    @precondition(lambda self: self.now.entries)
    @rule(pick=PICKS, tied=st.booleans(), pasted=st.booleans())
    def add_evidence(self, pick: int, tied: bool, pasted: bool) -> None:  # noqa: FBT001  drawn
        name = self.entry(pick).id if tied else None
        evidence = self.services.evidence
        shot = self.folder / "shot.png"
        shot.write_bytes(b"as good as any")
        self.do(lambda: evidence.add(INCIDENT, [shot if pasted else LINK], entry_id=name))

    @precondition(lambda self: self.now.entries and self.now.evidence)
    @rule(pick=PICKS, attach=st.booleans())
    def tie_evidence(self, pick: int, attach: bool) -> None:  # noqa: FBT001  drawn
        name = self.entry(pick).id
        proof = self.pick(self.now.evidence, pick).id
        work = self.services.evidence
        self.do(lambda: (work.attach if attach else work.detach)(INCIDENT, name, [proof]))

    @precondition(lambda self: self.now.entries)
    @rule(pick=PICKS, ruling=st.sampled_from(["confirm", "disprove", "reopen"]))
    def rule_on_a_hypothesis(self, pick: int, ruling: str) -> None:
        guesses = [e for e in self.now.entries if e.kind is EntryKind.HYPOTHESIS]
        name = self.pick(guesses or self.now.entries, pick).id
        self.do(lambda: getattr(self.services.timeline, ruling)(INCIDENT, name))

    @precondition(lambda self: self.now.entries)
    @rule(pick=PICKS, result=st.none() | st.sampled_from(MitigationResult))
    def tell_a_result(self, pick: int, result: MitigationResult | None) -> None:
        name = self.entry(pick).id
        self.do(lambda: self.services.timeline.set_result(INCIDENT, name, result))

    @rule(who=st.sampled_from(["Priya", "Tom"]))
    def say_who_leads(self, who: str) -> None:
        document = {"roles": [{"id": f"rol-{who}", "role": "IC", "person": who}]}
        self.do(lambda: self.services.edits.apply(INCIDENT, document))

    @rule()
    def update_the_status(self) -> None:
        words = StatusWords(known="5xx")
        self.do(lambda: self.services.status.post(INCIDENT, words, next_update="30m"))

    @rule()
    def correct_the_transcript(self) -> None:
        text = f"corrected {len(self.past)}"
        editing = self.services.editing
        self.do(lambda: editing.set_segment_text(INCIDENT, SEGMENT.id, text))

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(times):
            done = self.services.editing.undo(INCIDENT)
            assert (done is not None) == bool(self.past)
            if self.past:
                self.coming.append(self.now)
                self.now = self.past.pop()

    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        for _ in range(times):
            done = self.services.editing.redo(INCIDENT)
            assert (done is not None) == bool(self.coming)
            if self.coming:
                self.past.append(self.now)
                self.now = self.coming.pop()

    @rule()
    def restart(self) -> None:
        self.services.store.close()
        self.services = Services(self.home)

    @invariant()
    def the_record_is_as_it_was_at_this_step(self) -> None:
        assert facts(self.services.store) == self.now

    def teardown(self) -> None:
        # Whatever was done is undone to the beginning.
        while self.past:
            self.services.editing.undo(INCIDENT)
            assert facts(self.services.store) == self.past.pop()
        self.services.store.close()
        shutil.rmtree(self.folder)


TestSteps = StepsOfAPerson.TestCase
# Without shrinking: each step waits for the disk, and 25 can be read as they are.
TestSteps.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, phases=(Phase.reuse, Phase.generate)
)


UNDO_ALL = """
import sys
from pathlib import Path
from app.bootstrap import build
from app.domain.home import Home
program = build(Home(Path(sys.argv[1])), actor="Priya")
work = getattr(program.editing, sys.argv[3])
while work(sys.argv[2]) is not None:
    pass
program.shutdown()
"""


def elsewhere(home: Path, undo_or_redo: str) -> None:
    command = [sys.executable, "-c", UNDO_ALL, str(home), INCIDENT, undo_or_redo]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(command, env=environment, check=True)


def test_another_program_undoes_and_redoes_every_kind_of_step(tmp_path: Path) -> None:
    services = Services(Home(tmp_path))
    set_up(services)
    before = facts(services.store)
    work, timeline = services.promotion, services.timeline
    work.promote_message(INCIDENT, MESSAGE.id, kind=EntryKind.HYPOTHESIS)
    work.promote_event(INCIDENT, DEPLOY.id, kind=EntryKind.DECISION)
    guess, decision = facts(services.store).entries
    services.evidence.add(INCIDENT, [LINK], entry_id=guess.id)
    timeline.confirm(INCIDENT, guess.id)
    timeline.retime(INCIDENT, decision.id, "14:02")
    timeline.set_anchor(INCIDENT, decision.id, Anchor.ROLLBACK_OR_FIX, because="none kept")
    timeline.set_result(INCIDENT, decision.id, MitigationResult.WORKED)
    services.edits.apply(INCIDENT, {"roles": [{"id": "r", "role": "IC", "person": "Priya"}]})
    services.status.post(INCIDENT, StatusWords(known="5xx"), closing=True)
    after = facts(services.store)

    elsewhere(tmp_path, "undo")
    assert facts(services.store) == before
    steps = services.store.record(INCIDENT).operations[1:]
    assert {(step.by, step.undone_by) for step in steps} == {("Marcus", "Priya")}
    elsewhere(tmp_path, "redo")
    assert facts(services.store) == after
    services.store.close()
