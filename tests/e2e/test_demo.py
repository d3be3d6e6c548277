"""The demonstration: the real way, on real parts, and nothing known beforehand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pdfplumber
import pytest

from app.bootstrap import build
from app.domain.home import Home
from app.domain.rules.checker import Checker
from app.domain.rules.findings import Circumstances, Level
from app.domain.timeline import EntryKind
from app.domain.times import now_utc
from app.services.demonstration import Demonstration, DemoOutcome
from app.services.status_updates import entry_id_of
from tests.bench.material.recording import demonstration
from tests.bench.right_words import right_words
from tests.lacking import skip_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.record import Record

ROOT = Path(__file__).parents[2]
MATERIAL = ROOT / "resources" / "demo"
SCRIPT = json.loads((ROOT / "tests" / "data" / "demo_script.json").read_text())
ALLOWED_MS = 500
WORDS_RIGHT = 0.95


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def walked(out: Path) -> Iterator[tuple[DemoOutcome, Record]]:
    program = build(Home(out / "home"), actor="Marcus", offline=True)
    outcome = Demonstration(program, MATERIAL).run(out)
    yield outcome, program.incidents.record(outcome.incident_id)
    program.shutdown()


def test_every_prepared_promotion_was_heard(walked: tuple[DemoOutcome, Record]) -> None:
    outcome, record = walked
    assert outcome.not_heard == ()
    assert [stage.name for stage in outcome.stages] == [
        "attach", "recognise", "speakers", "correct", "promote", "analyse",
        "write pdf", "write docx", "write html", "write md", "write json", "write pack",
    ]  # fmt: skip
    kinds = {entry.kind for entry in record.entries}
    assert kinds >= {EntryKind.FACT, EntryKind.HYPOTHESIS, EntryKind.DECISION, EntryKind.ACTION}


def test_every_line_of_the_timeline_plays_the_right_audio(
    walked: tuple[DemoOutcome, Record],
) -> None:
    _, record = walked
    labels = {track.id: track.label.value for track in record.tracks}
    typed = {entry_id_of(update.id) for update in record.status_updates}
    for entry in record.entries:
        assert entry.sources or entry.id in typed
        for source in entry.sources:
            spoken = [line for line in SCRIPT if line["track"] == labels[source.track_id]]
            line = min(spoken, key=lambda line: abs(line["start"] * 1000 - source.start_ms))
            assert abs(line["start"] * 1000 - source.start_ms) <= ALLOWED_MS, (entry.text, line)
            assert abs(line["end"] * 1000 - source.end_ms) <= ALLOWED_MS, (entry.text, line)
            told = set(source.quote.lower().split()) & set(line["text"].lower().split())
            assert len(told) >= len(line["text"].split()) // 2, (source.quote, line["text"])


def test_the_record_is_complete_enough_for_a_final_report(
    walked: tuple[DemoOutcome, Record],
) -> None:
    _, record = walked
    findings = Checker().check(record, Circumstances(now_utc()))
    assert [finding for finding in findings if finding.level is Level.REFUSE] == []
    assert record.impact is not None
    assert record.impact.empty_layers == ()
    assert record.rca is not None
    assert record.rca.whys
    assert [lock.name for lock in record.locks] == ["facts"]
    assert any(one.file for one in record.evidence)


def test_the_three_documents_hold_every_entry(
    walked: tuple[DemoOutcome, Record], out: Path
) -> None:
    _, record = walked
    with pdfplumber.open(out / "postmortem.pdf") as pdf:
        pdf_text = " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)
    markdown = (out / "postmortem.md").read_text()
    document = json.loads((out / "record.json").read_text())
    assert [e["id"] for e in document["entries"]] == [e.id for e in record.timeline()]
    for entry in record.entries:
        assert entry.text in markdown
        for word in entry.text.split():
            assert word in pdf_text


def test_the_record_says_that_the_voices_are_labelled_by_track(
    walked: tuple[DemoOutcome, Record], out: Path
) -> None:
    _, record = walked
    assert {speaker.label for speaker in record.speakers} == {"Room", "Bridge"}
    assert "Labelled by track" in (out / "postmortem.md").read_text()


def silenced(material: Path, target: Path) -> Path:
    target.mkdir()
    shutil.copy(material / "answers.json", target)
    for name in ("room", "bridge"):
        with av.open(target / f"{name}.flac", "w") as file:
            stream = file.add_stream("flac", rate=16_000, layout="mono")
            noise = np.random.default_rng(7).normal(0, 30, (1, 16_000 * 129)).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
            frame.sample_rate = 16_000
            file.mux([*stream.encode(frame), *stream.encode(None)])
    return target


def test_with_both_tracks_silenced_the_timeline_is_empty(tmp_path: Path) -> None:
    program = build(Home(tmp_path / "home"), actor="Marcus", offline=True)
    outcome = Demonstration(program, silenced(MATERIAL, tmp_path / "material")).run(tmp_path)
    record = program.incidents.record(outcome.incident_id)
    program.shutdown()

    assert record.entries == record.decisions == record.actions == ()
    answers = json.loads((MATERIAL / "answers.json").read_text())
    assert len(outcome.not_heard) == len(answers["promotions"])
    assert (tmp_path / "postmortem.pdf").stat().st_size > 0


WATCHED = """
import socket, sys
told = []
def watch(event, arguments):
    if event == "socket.getaddrinfo":
        told.append(f"looked up {arguments[0]}")
    elif event == "socket.connect" and getattr(arguments[0], "family", 0) != socket.AF_UNIX:
        told.append(f"connected to {arguments[1]}")
sys.addaudithook(watch)
from app.cli import run
code = run(sys.argv[1:])
loaded = {"PySide6", "sounddevice", "torch", "faster_whisper"} & sys.modules.keys()
print("NETWORK", told, "LOADED", sorted(loaded), "CODE", code)
"""


def test_the_demo_command_tells_five_voices_apart_and_needs_no_network_no_window_and_no_sound(
    tmp_path: Path,
) -> None:
    if find_spec("torch") is None:
        skip_for("torch is not installed")
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "demo", "--out", str(tmp_path / "out")],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "NETWORK [] LOADED [] CODE 0" in done.stdout, done.stdout + done.stderr
    assert "demonstration model" in done.stderr
    assert str(tmp_path / "out" / "postmortem.pdf") in done.stdout
    told = words_told(json.loads((tmp_path / "out" / "record.json").read_text()))
    voices = {(track, label) for track, _, label in told}
    assert Counter(track for track, _ in voices) == {"room": 2, "bridge": 3}
    assert right_words(demonstration().script, told) >= WORDS_RIGHT


def words_told(document: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Return each word's track, its middle, and whose it is said to be."""
    (session,) = document["sessions"]
    labels = {track["id"]: track["label"] for track in session["tracks"]}
    return [
        (
            labels[line["track_id"]],
            (word["start_ms"] + word["end_ms"]) // 2,
            line["speaker_id"],
        )
        for line in document["segments"]
        for word in line["words"]
    ]


def test_a_folder_that_is_not_the_demonstrations_own_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "home" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--out", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "was not made by the demonstration" in done.stderr
    assert mine.read_text() == "mine"
