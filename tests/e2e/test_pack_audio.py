"""Packed sessions from the command line: the same audio, words, proofs and bundles."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.audio_files.folder_lock import FolderLock
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio
from app.domain.sessions import TrackLabel
from tests.builders import BRIDGE, INCIDENT, ROOM, SESSION
from tests.command_line import Hotwash
from tests.e2e.test_redact_elsewhere import everything_in
from tests.machines import Machine, with_an_incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.e2e.redaction_home import Told

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"
WAVS = ["bridge-000001.wav", "room-000001.wav"]
FLACS = ["bridge-000001.flac", "room-000001.flac"]
KEYS = ["incident_id", "dry_run", "bytes_before", "bytes_after", "sessions"]
SESSION_KEYS = ["session_id", "files", "bytes_before", "bytes_after", "kept", "packed_before"]
WAV_BYTES = 44 + 2 * 2 * 16_000


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Machine]:
    machine = with_an_incident(Machine(tmp_path / "here"))
    yield machine
    machine.close()


@pytest.fixture
def hotwash(here: Machine) -> Hotwash:
    return Hotwash(here.home.root, {})


def folder_of(here: Machine) -> Path:
    return here.home.session_dir(INCIDENT, SESSION)


def sounds(here: Machine) -> list[str]:
    return sorted(path.name for path in folder_of(here).glob("*-??????.*"))


def heard(here: Machine) -> list[bytes]:
    tracks = ((ROOM, TrackLabel.ROOM), (BRIDGE, TrackLabel.BRIDGE))
    return [
        FolderAudioReader().pcm(TrackAudio(track_id, folder_of(here), label), 0, 2_000)
        for track_id, label in tracks
    ]


@pytest.mark.parametrize("wanted", [INCIDENT, SESSION, SESSION[:4]])
def test_an_incident_or_a_session_is_packed_and_says_what_it_saved(
    here: Machine, hotwash: Hotwash, wanted: str
) -> None:
    before = heard(here)

    done = hotwash.json("pack-audio", wanted)

    assert list(done) == KEYS
    (session,) = done["sessions"]
    assert list(session) == SESSION_KEYS
    assert (done["incident_id"], session["session_id"]) == (INCIDENT, SESSION)
    assert (session["files"], session["bytes_before"]) == (2, 2 * WAV_BYTES)
    assert done["bytes_after"] == sum((folder_of(here) / name).stat().st_size for name in FLACS)
    assert (sounds(here), heard(here)) == (FLACS, before)
    assert hotwash.json("verify", INCIDENT)["ok"]
    assert "2 files packed before" in hotwash.run("pack-audio", wanted).stdout


def test_a_dry_run_says_in_words_what_would_be_saved(here: Machine, hotwash: Hotwash) -> None:
    told = hotwash.run("pack-audio", INCIDENT, "--dry-run").stdout

    assert f"{SESSION}: 2 files would go 128.1 kB → " in told
    assert sounds(here) == WAVS


@pytest.mark.parametrize(
    ("folder", "lock", "says"),
    [
        (f"audio/{SESSION}", "writer.lock", "Stop that recording"),
        (".", f"{SESSION}.recognition.lock", "is being transcribed"),
    ],
)
def test_a_session_that_is_recorded_or_transcribed_is_refused(
    here: Machine, hotwash: Hotwash, folder: str, lock: str, says: str
) -> None:
    held = FolderLock(here.home.incident_dir(INCIDENT) / folder, lock)
    told = hotwash.refusal("pack-audio", INCIDENT, code=1)
    held.release()

    assert says in told
    assert sounds(here) == WAVS


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])


@pytest.mark.parametrize(
    ("damage", "says"), [(cut_short, "is changed"), (Path.unlink, "is missing")]
)
def test_a_session_that_is_not_as_recorded_is_refused_as_a_whole(
    here: Machine, hotwash: Hotwash, damage: Callable[[Path], None], says: str
) -> None:
    damage(folder_of(here) / WAVS[1])

    told = hotwash.refusal("pack-audio", INCIDENT, code=1)

    assert f"{WAVS[1]} {says}" in told
    assert "hotwash verify" in told
    assert FLACS[0] not in sounds(here)


@pytest.mark.parametrize("wanted", ["none", ""])
def test_what_is_no_incident_and_no_session_is_refused(hotwash: Hotwash, wanted: str) -> None:
    assert "hotwash incidents" in hotwash.refusal("pack-audio", wanted, code=1)


def test_an_incident_without_audio_has_nothing_to_pack(tmp_path: Path) -> None:
    hotwash = Hotwash(tmp_path / "home", {})
    incident = hotwash.json("new", "Quiet")["id"]

    assert hotwash.run("pack-audio", incident).stdout == "There is no audio to pack.\n"
    assert hotwash.json("pack-audio", incident)["sessions"] == []


def test_a_packing_that_was_killed_is_completed_by_the_next_start(
    here: Machine, hotwash: Hotwash
) -> None:
    before = heard(here)
    script = [sys.executable, "-m", "tests.e2e.killed_pack_audio", "pack-audio", INCIDENT]
    killed = subprocess.run(
        [*script, "--home", str(here.home.root)], cwd=ROOT, check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL
    assert (folder_of(here) / "packing").is_dir()
    assert heard(here) == before

    verified = hotwash.run("verify", INCIDENT)

    assert (verified.returncode, sounds(here), heard(here)) == (0, FLACS, before)
    assert SESSION in verified.stderr, "a person is told that it was put in order"
    assert not (folder_of(here) / "packing").exists()
    assert hotwash.run("verify", INCIDENT).stderr == ""


def test_a_packed_session_is_transcribed_redacted_and_bundled_as_before(tmp_path: Path) -> None:
    here, there = Hotwash(tmp_path / "here", {}), Hotwash(tmp_path / "there", {})
    incident = here.json("new", "Checkout")["id"]
    files = (DEMO / "bridge.flac", DEMO / "room.flac")
    here.json("attach", incident, *files, "--start", "2026-03-12T14:46:00Z")
    words = texts(here, incident)
    saved = here.json("pack-audio", incident)
    assert 0 < saved["bytes_after"] < saved["bytes_before"]

    here.json("transcribe", incident)

    assert texts(here, incident) == words
    segment = here.json("show", incident)["segments"][3]
    here.json("redact", incident, segment["id"], "--reason", "a credential", "--yes")
    assert list((tmp_path / "here").rglob("*.wav")) == []
    assert here.json("verify", incident)["ok"]
    bundles = [tmp_path / f"{number}.hotwash" for number in (1, 2, 3)]
    for bundle in bundles[:2]:
        here.json("export", incident, "--format", "bundle", "--out", bundle)
    assert there.json("verify", bundles[0])["ok"]
    opened = there.json("open", bundles[0])
    assert (opened["sessions_added"], opened["conflicts"]) == (1, [])
    there.json("export", incident, "--format", "bundle", "--out", bundles[2])
    first, *others = [bundle.read_bytes() for bundle in bundles]
    assert others == [first, first]
    assert there.json("verify", incident) == here.json("verify", incident)


def test_the_preview_of_a_redaction_names_the_packed_files_that_are_then_changed(
    told: Told,
) -> None:
    told.hotwash.json("pack-audio", told.incident)
    before = everything_in(told.home)

    preview = told.hotwash.json("redact", told.incident, told.segment["id"], "--preview")

    assert everything_in(told.home) == before
    done = told.redact()
    counted = ("segments", "texts", "files", "removed", "others")
    assert {name: preview[name] for name in counted} == {name: done[name] for name in counted}
    foretold, told_of = (
        {name for name in answer["changed_files"] if "/audio/" in name}
        for answer in (preview, done)
    )
    assert foretold == told_of
    after = everything_in(told.home)
    sounds = {name for name in after if name.endswith((".flac", ".wav"))}
    assert foretold == {name for name in sounds if after[name] != before.get(name)}
    assert {Path(name).name.partition("-")[0] for name in foretold} == {"bridge", "room"}
    assert {Path(name).suffix for name in foretold} == {".flac"}
    assert not any("/audio/" in place["path"] for place in done["left"]), (
        "it was no text to search"
    )


def texts(hotwash: Hotwash, incident: str) -> list[Any]:
    return [
        (segment["start_ms"], segment["text"])
        for segment in hotwash.json("show", incident)["segments"]
    ]
