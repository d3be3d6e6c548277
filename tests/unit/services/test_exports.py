"""A document is made aside and put in its place whole, or what was there stays."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import ExportError, WorkCancelledError
from app.domain.events import EXPORTING, WorkProgressed
from app.domain.ids import EntryId
from app.services.checking import Checking
from app.services.export_run import ExportChoice
from app.services.export_staging import STAGING
from app.services.exports import Exports, JsonDocument, NotFinalError
from tests.builders import INCIDENT, an_entry
from tests.machines import Machine, with_an_incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.record import Record
    from app.services.export_run import ExportRun

ROOT = Path(__file__).parents[3]
OLD = b"what was there before"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = with_an_incident(Machine(tmp_path / "home"), seconds=1)
    yield machine
    machine.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@dataclass
class WithAssets:
    """Writes a document with a folder of pictures beside it; ``then`` comes before the end."""

    then: Callable[[ExportRun], None] = lambda _run: None
    told: list[ExportRun] = field(default_factory=list)

    def write(self, _record: Record, path: Path, run: ExportRun) -> None:
        self.told.append(run)
        assets = path.with_name(f"{path.stem}-files")
        assets.mkdir()
        (assets / "picture.png").write_bytes(b"picture")
        path.write_bytes(b"document")
        run.tell("a document", 1, 2)
        self.then(run)


def exports(machine: Machine, writer: WithAssets | None = None) -> Exports:
    writers = {"doc": writer or WithAssets(), "json": JsonDocument()}
    return Exports(machine.store, machine.bus, writers, checking=Checking(machine.store))


def test_a_document_and_what_it_brings_along_come_whole_and_private(
    machine: Machine, folder: Path
) -> None:
    path = exports(machine).write(INCIDENT, format="doc", path=folder / "a.md")

    assert path.read_bytes() == b"document"
    assert (folder / "a-files" / "picture.png").read_bytes() == b"picture"
    assert sorted(one.name for one in folder.iterdir()) == ["a-files", "a.md"]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert WorkProgressed(f"{EXPORTING}a document", 1, 2) in machine.heard


@pytest.mark.parametrize("taken", ["a.md", "a-files"])
def test_nothing_is_replaced_unasked_and_everything_is_when_asked(
    machine: Machine, folder: Path, taken: str
) -> None:
    (folder / taken).mkdir() if taken == "a-files" else (folder / taken).write_bytes(OLD)
    with pytest.raises(ExportError, match="exists already"):
        exports(machine).write(INCIDENT, format="doc", path=folder / "a.md")
    assert [one.name for one in folder.iterdir()] == [taken]

    exports(machine).write(INCIDENT, format="doc", path=folder / "a.md", overwrite=True)
    assert (folder / "a.md").read_bytes() == b"document"
    assert [one.name for one in (folder / "a-files").iterdir()] == ["picture.png"]


def fail_for_want_of_room(_run: ExportRun) -> None:
    raise OSError(28, "No space left on device")


def cancel(run: ExportRun) -> None:
    run.cancelled.set()


@pytest.mark.parametrize(
    ("then", "error", "told"),
    [
        (fail_for_want_of_room, ExportError, "No space left"),
        (cancel, WorkCancelledError, "you cancelled"),
    ],
)
def test_a_full_disk_or_a_change_of_mind_leaves_what_was_there(
    machine: Machine,
    folder: Path,
    then: Callable[[ExportRun], None],
    error: type[Exception],
    told: str,
) -> None:
    (folder / "a.md").write_bytes(OLD)
    with pytest.raises(error, match=told):
        exports(machine, WithAssets(then)).write(
            INCIDENT, format="doc", path=folder / "a.md", overwrite=True
        )
    assert [one.name for one in folder.iterdir()] == ["a.md"]
    assert (folder / "a.md").read_bytes() == OLD


def test_a_cancel_from_another_thread_ends_it_and_the_next_one_is_made(
    machine: Machine, folder: Path
) -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def wait(_run: ExportRun) -> None:
        begun.set()
        assert may_go_on.wait(10)

    desk, outcome = exports(machine, WithAssets(wait)), list[Exception]()

    def work() -> None:
        try:
            desk.write(INCIDENT, format="doc", path=folder / "a.md")
        except WorkCancelledError as cancelled:
            outcome.append(cancelled)

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(10)
    desk.cancel()
    may_go_on.set()
    thread.join(10)

    assert len(outcome) == 1
    assert list(folder.iterdir()) == []
    desk.write(INCIDENT, format="doc", path=folder / "a.md")


def test_a_kill_leaves_what_was_there_and_the_next_export_clears_up(
    machine: Machine, folder: Path
) -> None:
    out = folder / "record.json"
    out.write_bytes(OLD)
    script = [sys.executable, "-m", "tests.e2e.killed_export"]
    killed = subprocess.run([*script, machine.home.root, INCIDENT, out], cwd=ROOT, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert out.read_bytes() == OLD
    assert len(list(folder.glob(f"{STAGING}*"))) == 1

    exports(machine).write(INCIDENT, format="json", path=out, overwrite=True)
    assert [one.name for one in folder.iterdir()] == ["record.json"]


def test_a_draft_of_an_export_under_way_is_left_alone(machine: Machine, folder: Path) -> None:
    def another(_run: ExportRun) -> None:
        exports(machine).write(INCIDENT, format="json", path=folder / "b.json")

    exports(machine, WithAssets(another)).write(INCIDENT, format="doc", path=folder / "a.md")
    assert {"a.md", "a-files", "b.json"} == {one.name for one in folder.iterdir()}


def test_what_is_not_complete_is_refused_as_final_with_the_list_and_made_as_a_draft(
    machine: Machine, folder: Path
) -> None:
    path = folder / "a.md"
    with pytest.raises(NotFinalError) as refused:
        exports(machine).write(
            INCIDENT, format="doc", path=path, choice=ExportChoice(final_by="Priya")
        )
    rules = {finding.rule for finding in refused.value.findings}
    assert {"R07", "R20"} <= rules
    assert "draft" in refused.value.remedy
    assert not path.exists()
    assert exports(machine).write(INCIDENT, format="doc", path=path) == path


def test_the_outlook_counts_what_is_left_out_and_by_whom(machine: Machine) -> None:
    kept_out, chosen = an_entry("a", in_report=False), an_entry("b")
    machine.add(kept_out, chosen)
    choice = ExportChoice(
        entries_left_out=frozenset({chosen.id, kept_out.id, EntryId("ent-none")}),
        sections_left_out=frozenset({"review", "method"}),
    )
    seen = exports(machine).outlook(INCIDENT, choice)
    shown = len(machine.record.entries) - 2
    assert (seen.entries, seen.left_out, seen.kept_out) == (shown, 1, 1)
    assert seen.sections_left_out == ("method", "review")
    assert {finding.rule for finding in seen.refusals} >= {"R07"}


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("no/such/a.md", "There is no folder"),
        ("a.md/b.md", "There is no folder"),
        ("", "is a folder"),
    ],
)
def test_a_place_that_is_none_is_told_in_a_sentence(
    machine: Machine, folder: Path, out: str, told: str
) -> None:
    (folder / "a.md").write_bytes(OLD)
    with pytest.raises(ExportError, match=told) as refused:
        exports(machine).write(INCIDENT, format="doc", path=folder / out)
    assert refused.value.remedy
