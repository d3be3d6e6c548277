from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import EvidenceError, InvalidRecordError, NotFoundError
from app.domain.evidence import EvidenceKind
from app.domain.home import Home
from app.domain.ids import EntryId, EvidenceId
from app.domain.record import Change
from app.evidence_files.files import EvidenceFiles
from app.services.evidence_store import EvidenceStore, EvidenceWords
from tests.builders import INCIDENT, an_entry, at
from tests.unit.evidence_files.pictures import a_picture

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.timeline import TimelineEntry
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard

DASHBOARD = "https://grafana.acme.example/d/1"


@pytest.fixture
def files(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(Home(tmp_path / "home"))


@pytest.fixture
def evidence(store: SqlRecordStore, bus: LocalBus, files: EvidenceFiles) -> EvidenceStore:
    return EvidenceStore(store, bus, files, actor="Marcus")


@pytest.fixture
def entry(store: SqlRecordStore) -> TimelineEntry:
    entry = an_entry("5xx at checkout", occurred="14:02")
    changes = [Change(None, entry)]
    store.commit(INCIDENT, changes, by="Marcus", label="enter", undoable=False)
    return entry


def test_only_a_picture_is_a_screenshot_whoever_says_so(
    store: SqlRecordStore, evidence: EvidenceStore, tmp_path: Path
) -> None:
    renamed, notes = tmp_path / "graph.png", tmp_path / "notes.txt"
    renamed.write_text("not a picture")
    notes.write_text("at,count")
    said = EvidenceWords(EvidenceKind.SCREENSHOT)
    for path, words in ((renamed, EvidenceWords()), (notes, said)):
        with pytest.raises(InvalidRecordError, match=f"{path.name} is no picture") as told:
            evidence.add(INCIDENT, [path], words)
        assert "log_query" in told.value.remedy
    assert store.record(INCIDENT).evidence == ()
    assert not evidence.files.folder(INCIDENT).exists(), "nothing was copied"

    renamed.write_bytes(a_picture()[:60])
    (made,) = evidence.add(INCIDENT, [renamed])
    assert made.kind is EvidenceKind.SCREENSHOT, "a broken picture is one"


def test_a_link_and_a_file_are_tied_to_an_entry_in_one_step(
    store: SqlRecordStore,
    evidence: EvidenceStore,
    entry: TimelineEntry,
    tmp_path: Path,
    heard: Heard,
) -> None:
    shot = tmp_path / "Grafana 5xx.png"
    shot.write_bytes(a_picture())
    words = EvidenceWords(captured_at=at("14:09"), note=" the spike ")
    link, file = evidence.add(INCIDENT, [DASHBOARD, shot], words, entry_id=entry.id)

    record = store.record(INCIDENT)
    assert {one.id for one in record.evidence} == {link.id, file.id}
    assert record.entries[0].evidence == (link.id, file.id)
    assert (link.kind, link.url, link.file) == (EvidenceKind.DASHBOARD, DASHBOARD, None)
    assert (file.kind, file.name, file.note) == (
        EvidenceKind.SCREENSHOT,
        "Grafana 5xx.png",
        "the spike",
    )
    assert link.captured_at == file.captured_at == at("14:09")
    assert len(heard) == 1
    assert evidence.check(INCIDENT).ok

    store.undo(INCIDENT, by="Priya")
    record = store.record(INCIDENT)
    assert (record.evidence, record.entries) == ((), (entry,))
    checked = evidence.check(INCIDENT)
    assert (checked.ok, checked.unused) == (True, (file.file,))
    store.redo(INCIDENT, by="Priya")
    assert evidence.check(INCIDENT).unused == ()


def test_the_date_of_a_file_is_no_proof_of_when_it_was_captured(
    evidence: EvidenceStore, tmp_path: Path
) -> None:
    shot = tmp_path / "shot.png"
    shot.write_bytes(a_picture())
    (made,) = evidence.add(INCIDENT, [shot])
    assert made.captured_at is None


def test_a_pasted_picture_is_kept_as_a_screenshot_with_its_true_ending(
    store: SqlRecordStore, evidence: EvidenceStore, entry: TimelineEntry
) -> None:
    made = evidence.add_picture(INCIDENT, a_picture(form="JPEG"), entry_id=entry.id)
    assert made.kind is EvidenceKind.SCREENSHOT
    assert (made.file or "").endswith(".jpg")
    assert store.record(INCIDENT).entries[0].evidence == (made.id,)
    assert evidence.thumbnail(made).exists()
    with pytest.raises(EvidenceError, match="picture"):
        evidence.add_picture(INCIDENT, b"words", entry_id=entry.id)
    assert len(store.record(INCIDENT).evidence) == 1


def test_the_same_picture_proves_two_entries_and_lies_there_once(
    evidence: EvidenceStore, files: EvidenceFiles, entry: TimelineEntry
) -> None:
    first = evidence.add_picture(INCIDENT, a_picture(), entry_id=entry.id)
    second = evidence.add_picture(INCIDENT, a_picture())
    assert first.file == second.file
    assert files.all_files(INCIDENT) == [first.file]


def test_evidence_is_tied_and_untied_and_stays_on_record(
    store: SqlRecordStore, evidence: EvidenceStore, entry: TimelineEntry
) -> None:
    (made,) = evidence.add(INCIDENT, [DASHBOARD])
    assert evidence.attach(INCIDENT, entry.id, [made.id]) is not None
    assert evidence.attach(INCIDENT, entry.id, [made.id]) is None
    assert store.record(INCIDENT).entries[0].evidence == (made.id,)
    evidence.detach(INCIDENT, entry.id, [made.id])
    record = store.record(INCIDENT)
    assert (record.entries[0].evidence, record.evidence) == ((), (made,))
    with pytest.raises(InvalidRecordError, match="is not tied to"):
        evidence.detach(INCIDENT, entry.id, [made.id])
    with pytest.raises(NotFoundError, match="no evidence"):
        evidence.attach(INCIDENT, entry.id, [EvidenceId("evi-none")])


def test_what_is_on_record_is_tied_and_not_put_there_twice_unless_more_is_said_of_it(
    store: SqlRecordStore, evidence: EvidenceStore, entry: TimelineEntry, tmp_path: Path
) -> None:
    shot = tmp_path / "shot.png"
    shot.write_bytes(a_picture())
    words = EvidenceWords(note="the spike")
    (file,) = evidence.add(INCIDENT, [shot], words)

    assert evidence.add(INCIDENT, [shot, shot], entry_id=entry.id) == (file,)
    assert evidence.add(INCIDENT, [shot], words, entry_id=entry.id) == (file,)
    record = store.record(INCIDENT)
    assert (record.evidence, record.entries[0].evidence) == ((file,), (file.id,))

    (later,) = evidence.add(INCIDENT, [shot], EvidenceWords(captured_at=at("14:20")))
    assert set(store.record(INCIDENT).evidence) == {file, later}


def test_what_is_refused_changes_nothing_and_stores_nothing(
    store: SqlRecordStore, evidence: EvidenceStore, files: EvidenceFiles, tmp_path: Path
) -> None:
    shot, csv = tmp_path / "shot.png", tmp_path / "rows.csv"
    shot.write_bytes(a_picture())
    csv.write_bytes(b"1")
    before = store.record(INCIDENT)
    with pytest.raises(InvalidRecordError, match=r"rows\.csv") as told:
        evidence.add(INCIDENT, [shot, csv])
    assert "log_query" in told.value.remedy
    with pytest.raises(InvalidRecordError, match="https"):
        evidence.add(INCIDENT, [shot, "ftp://x.example/1"])
    with pytest.raises(NotFoundError, match="no entry"):
        evidence.add(INCIDENT, [shot], entry_id=EntryId("ent-none"))
    with pytest.raises(EvidenceError, match="not there"):
        evidence.add(INCIDENT, [tmp_path / "gone.png"])
    assert store.record(INCIDENT) == before
    assert files.all_files(INCIDENT) == []
    said = EvidenceWords(EvidenceKind.LOG_QUERY)
    assert evidence.add(INCIDENT, [csv], said)[0].kind is EvidenceKind.LOG_QUERY


def test_words_that_the_record_would_refuse_are_refused_before_a_file_is_stored(
    store: SqlRecordStore, evidence: EvidenceStore, files: EvidenceFiles, tmp_path: Path
) -> None:
    shot, hostile = tmp_path / "shot.png", tmp_path / "\x1b[31m.png"
    for path in (shot, hostile):
        path.write_bytes(a_picture())
    for note in ("x" * 20_001, "\x9b31m"):
        with pytest.raises(InvalidRecordError, match=r"^note: "):
            evidence.add(INCIDENT, [shot], EvidenceWords(note=note))
        with pytest.raises(InvalidRecordError, match=r"^note: "):
            evidence.add_picture(INCIDENT, a_picture(), EvidenceWords(note=note))
    with pytest.raises(InvalidRecordError, match=r"^name: "):
        evidence.add(INCIDENT, [shot, hostile])
    with pytest.raises(InvalidRecordError, match=r"^name: "):
        evidence.add_picture(INCIDENT, a_picture(), name="x" * 301)
    with pytest.raises(InvalidRecordError, match=r"^url: "):
        evidence.add(INCIDENT, [shot, f"{DASHBOARD}?{'x' * 20_000}"])
    assert store.record(INCIDENT).evidence == ()
    assert files.all_files(INCIDENT) == []
    assert evidence.check(INCIDENT).ok


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_utf8_is_kept_with_what_can_be_read_of_it(
    evidence: EvidenceStore, tmp_path: Path
) -> None:
    path = tmp_path / "caf\udce9.png"
    path.write_bytes(a_picture())
    (made,) = evidence.add(INCIDENT, [path])
    assert made.name == "caf\ufffd.png"
    assert evidence.check(INCIDENT).ok


def test_the_check_names_what_is_missing_changed_or_belongs_to_nothing(
    evidence: EvidenceStore, files: EvidenceFiles
) -> None:
    gone, changed = (
        evidence.add_picture(INCIDENT, a_picture(color=color)) for color in ("red", "blue")
    )
    folder = files.folder(INCIDENT)
    (folder / str(gone.file)).unlink()
    (folder / str(changed.file)).write_bytes(b"another")
    (folder / "stray.txt").write_bytes(b"x")
    assert set(evidence.check(INCIDENT).problems) == {
        (gone.file, "missing"),
        (changed.file, "changed"),
        ("stray.txt", "extra"),
    }


def test_a_file_is_opened_as_a_picture_where_it_is_one_and_never_when_it_was_changed(
    evidence: EvidenceStore, files: EvidenceFiles, tmp_path: Path
) -> None:
    broken, log = tmp_path / "half.png", tmp_path / "checkout.log"
    broken.write_bytes(a_picture()[:80])
    log.write_bytes(b"503")
    shot = evidence.add_picture(INCIDENT, a_picture(800, 400))
    others = evidence.add(INCIDENT, [broken, log], EvidenceWords(EvidenceKind.CHAT))
    opened = evidence.opened(shot, 200)
    assert opened.path == files.path_of(shot)
    assert opened.picture is not None
    assert (opened.picture.width, opened.picture.height) == (200, 100)
    for other in others:
        found = evidence.opened(other, 200)
        assert (found.path, found.picture) == (files.path_of(other), None)

    opened.path.write_bytes(a_picture(800, 400, color="blue"))
    with pytest.raises(EvidenceError, match="changed"):
        evidence.opened(shot, 200)


KILLED = """
import os, signal, sys
from pathlib import Path
from app.bootstrap import build
from app.domain.home import Home
program = build(Home(Path(sys.argv[1])))
def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
type(program.store).commit = die
program.evidence.add(sys.argv[2], [Path(sys.argv[3])])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 there")
def test_a_kill_between_file_and_record_leaves_a_file_that_the_check_names(
    store: SqlRecordStore, evidence: EvidenceStore, files: EvidenceFiles, tmp_path: Path
) -> None:
    shot = tmp_path / "shot.png"
    shot.write_bytes(a_picture())
    before = store.record(INCIDENT)

    command = [sys.executable, "-c", KILLED, str(tmp_path / "home"), INCIDENT, str(shot)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, check=False)

    assert done.returncode == -signal.SIGKILL
    assert store.record(INCIDENT) == before
    ((orphan, reason),) = evidence.check(INCIDENT).problems
    assert reason == "extra"
    # Whoever adds the orphan itself takes it on record.
    (made,) = evidence.add(INCIDENT, [files.folder(INCIDENT) / orphan])
    assert made.file == orphan
    assert evidence.check(INCIDENT).ok
