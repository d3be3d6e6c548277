"""Commands: what they print, where, what they end with, and what they leave."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.command_line import Hotwash
from tests.sound import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"
NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent/pulse", "XDG_RUNTIME_DIR": "/nonexistent"}
START = "2026-03-12T14:46:00Z"


@pytest.fixture
def hotwash(tmp_path: Path) -> Iterator[Hotwash]:
    yield Hotwash(tmp_path / "home", NO_SOUND)
    log = tmp_path / "home" / "hotwash.log"
    assert not log.exists() or "Traceback" not in _bugs(log), log.read_text()


def _bugs(log: Path) -> str:
    """Return what the log has to say of bugs; expected errors keep their traceback as warnings."""
    return "".join(part for part in log.read_text().split("\n20") if " ERROR " in part)


def a_tone(path: Path, *, seconds: float = 1.0, rate: int = 16_000, channels: int = 1) -> Path:
    samples = 3_000 * np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 440 / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples.astype("<i2"), channels).tobytes())
    return path


def test_new_incidents_and_show_agree(hotwash: Hotwash) -> None:
    made = hotwash.json("new", "Ümlaut & 障害 “quoted”", "--severity", "SEV2")
    assert set(made) == {"id", "title", "severity", "created_at"}
    assert made["created_at"].endswith("Z")

    (listed,) = hotwash.json("incidents")["incidents"]
    assert listed == {
        "id": made["id"],
        "title": "Ümlaut & 障害 “quoted”",
        "severity": "SEV2",
        "state": "active",
        "started_at": None,
    }
    beginning = made["id"][:8]
    first, second = (hotwash.run("show", beginning, "--json").stdout for _ in range(2))
    assert first == second
    assert json.loads(first)["incident"]["title"] == listed["title"]


def test_help_names_the_commands_and_needs_no_data_folder(hotwash: Hotwash) -> None:
    done = hotwash.run("--help")
    assert done.returncode == 0
    for name in ("record", "attach", "transcribe", "export", "verify", "doctor", "demo", "bench"):
        assert name in done.stdout
    assert "--home" in done.stdout
    assert not hotwash.home.exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["frobnicate"], 2, "frobnicate"),
        (["show"], 2, "ID"),
        (["show", "inc-none"], 1, "There is no incident"),
        (["new", "  "], 1, "needs a title"),
        (["attach", "inc"], 2, "FILE"),
        (["record", "inc", "--kind", "party"], 2, "party"),
        (["models", "remove", "none"], 3, "not installed"),
        (["export", "inc-none", "--format", "pdf", "--out", "x.pdf"], 1, "There is no incident"),
    ],
)
def test_a_refusal_is_a_sentence_on_standard_error(
    tmp_path: Path, words: list[str], code: int, says: str
) -> None:
    hotwash = Hotwash(tmp_path / "home", NO_SOUND)
    done = hotwash.refusal(*words, code=code)
    assert done.startswith("Error:")
    assert says in done


def test_export_refuses_to_overwrite_unless_forced(hotwash: Hotwash, tmp_path: Path) -> None:
    incident = hotwash.json("new", "x")["id"]
    out = tmp_path / "record.json"
    out.write_text("mine")

    told = hotwash.refusal("export", incident, "--format", "json", "--out", out, code=1)
    assert "exists already" in told
    assert "--force" in told
    assert out.read_text() == "mine"
    hotwash.json("export", incident, "--format", "json", "--out", out, "--force")
    assert json.loads(out.read_text()) == hotwash.json("show", incident)


def test_apply_names_the_place_of_a_slip_and_changes_nothing(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    incident = hotwash.json("new", "x")["id"]
    before = hotwash.run("show", incident, "--json").stdout
    file = tmp_path / "edits.json"

    file.write_text('{"entries": [{"kind": "fact", "text": "ok"}, {"kind": "rumour"}]}')
    assert "entries[1]" in hotwash.refusal("apply", incident, file, code=1)
    file.write_text('{"entries": [\n  {"kind": }]}')
    assert "line 2" in hotwash.refusal("apply", incident, file, code=1)
    file.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in hotwash.refusal("apply", incident, file, code=1)
    assert "cannot be read" in hotwash.refusal("apply", incident, tmp_path / "none.json", code=1)
    assert hotwash.run("show", incident, "--json").stdout == before


def test_edits_are_undone_and_redone_by_later_commands(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "x")["id"]
    entry = json.dumps({"entries": [{"kind": "fact", "text": "It began"}]})
    hotwash.json("apply", incident, "-", "--as", "Marcus", stdin=entry)
    shown = hotwash.json("show", incident)
    assert [e["text"] for e in shown["entries"]] == ["It began"]
    assert shown["edits"][-1]["by"] == "Marcus"

    hotwash.json("undo", incident)
    assert hotwash.json("show", incident)["entries"] == []
    hotwash.json("redo", incident)
    assert [e["text"] for e in hotwash.json("show", incident)["entries"]] == ["It began"]
    assert hotwash.json("redo", incident)["edit"] is None


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.wav", b"", "empty"),
        ("notes.txt", b"14:02 it began\n" * 50, "cannot be read as audio"),
        ("none.wav", None, "cannot be read as audio"),
    ],
)
def test_what_is_not_audio_is_refused_and_leaves_nothing(
    hotwash: Hotwash, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    incident = hotwash.json("new", "x")["id"]
    before = hotwash.run("show", incident, "--json").stdout
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    told = hotwash.refusal("attach", incident, path, "--start", START, code=1)

    assert name in told
    assert says in told
    assert hotwash.run("show", incident, "--json").stdout == before
    assert list((hotwash.home / "incidents").rglob("*.wav*")) == []


def test_one_bad_file_of_two_leaves_neither(hotwash: Hotwash, tmp_path: Path) -> None:
    incident = hotwash.json("new", "x")["id"]
    good, bad = a_tone(tmp_path / "room.wav"), tmp_path / "bridge.wav"
    bad.write_bytes(b"RIFF but not really")
    hotwash.refusal("attach", incident, good, bad, "--start", START, code=1)
    assert hotwash.json("show", incident)["sessions"] == []


def test_a_bad_file_among_several_sessions_leaves_none(hotwash: Hotwash, tmp_path: Path) -> None:
    incident = hotwash.json("new", "x")["id"]
    one, two = a_tone(tmp_path / "bridge one.wav"), tmp_path / "bridge two.wav"
    two.write_text("no audio")
    hotwash.refusal("attach", incident, one, two, "--start", START, code=1)
    assert hotwash.json("show", incident)["sessions"] == []
    assert list((hotwash.home / "incidents").rglob("*.wav*")) == []


def test_an_empty_database_beside_recordings_is_damage_and_told(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    incident = hotwash.json("new", "x")["id"]
    tone = a_tone(tmp_path / "a.wav")
    hotwash.json("attach", incident, tone, "--start", START, "--no-transcribe")
    for part in hotwash.home.glob("hotwash.db*"):
        part.unlink()

    done = hotwash.run("incidents", "--json")

    assert "missing or empty" in done.stderr
    (found,) = json.loads(done.stdout)["incidents"]
    assert found["id"] == incident
    assert found["title"].startswith("Recovered recording")


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("", 2),
        ("yesterday", 2),
        ("2026-03-12T14:46:00", 2),
        ("2999-01-01T00:00:00Z", 2),
        ("0001-01-01T00:00:00+14:00", 2),
    ],
)
def test_a_start_that_is_not_known_is_asked_for(
    hotwash: Hotwash, tmp_path: Path, start: str, code: int
) -> None:
    incident = hotwash.json("new", "x")["id"]
    words = ["--start", start] if start else []
    told = hotwash.refusal("attach", incident, a_tone(tmp_path / "a.wav"), *words, code=code)
    assert "2026-03-12T14:46:00Z" in told or "time zone" in told or "future" in told


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (96_000, 2), (44_100, 2)])
def test_any_rate_and_number_of_channels_is_taken(
    hotwash: Hotwash, tmp_path: Path, rate: int, channels: int
) -> None:
    incident = hotwash.json("new", "x")["id"]
    path = a_tone(tmp_path / "call.wav", seconds=2, rate=rate, channels=channels)

    done = hotwash.json("attach", incident, path, "--start", START, "--no-transcribe")

    (track,) = done["sessions"][0]["tracks"]
    assert abs(track["duration_ms"] - 2_000) <= 2
    assert track["device"] == "call.wav"
    assert hotwash.json("verify", incident)["ok"]


def test_a_changed_byte_is_found_and_named(hotwash: Hotwash, tmp_path: Path) -> None:
    incident = hotwash.json("new", "x")["id"]
    hotwash.json(
        "attach", incident, a_tone(tmp_path / "a.wav"), "--start", START, "--no-transcribe"
    )
    (audio,) = (hotwash.home / "incidents").rglob("*.wav")
    content = bytearray(audio.read_bytes())
    content[4_000] ^= 1
    audio.write_bytes(content)

    done = hotwash.run("verify", incident, "--json")

    assert done.returncode == 1
    problems = json.loads(done.stdout)["problems"]
    assert [problem["reason"] for problem in problems] == ["changed"]
    assert problems[0]["path"].endswith(audio.name)


def test_without_any_sound_system_everything_but_recording_works(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "x")["id"]
    told = hotwash.refusal("record", incident, "--duration", "1", code=3)
    assert told.startswith("Error:")
    doctor = hotwash.run("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(doctor.stdout)["checks"]}
    assert checks["audio sources"]["state"] == "warn"
    assert checks["audio sources"]["remedy"]
    assert checks["data folder"]["state"] == "ok"
    assert doctor.returncode == 0


def test_a_damaged_demonstration_model_is_told_and_attaching_still_keeps_the_audio(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    broken = tmp_path / "model"
    shutil.copytree(ROOT / "resources" / "models" / "demo-en", broken)
    (broken / "model.bin").write_bytes(b"not a model")
    before = hotwash.json("models", "list")
    told = hotwash.refusal("models", "add", broken, code=3)
    assert "model" in told
    assert hotwash.json("models", "list") == before


def test_a_damaged_database_is_kept_aside_and_told(hotwash: Hotwash) -> None:
    hotwash.json("new", "before")
    (hotwash.home / "hotwash.db").write_bytes(b"garbage" * 2_000)

    done = hotwash.run("incidents", "--json")

    assert json.loads(done.stdout) == {"incidents": []}
    assert "damaged" in done.stderr
    assert len(list(hotwash.home.glob("hotwash.db.damaged-*"))) >= 1


def test_a_newer_database_is_a_known_error(hotwash: Hotwash) -> None:
    hotwash.json("new", "x")
    with sqlite3.connect(hotwash.home / "hotwash.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "newer version" in hotwash.refusal("incidents", code=3)


def test_a_home_that_cannot_be_a_folder_is_a_known_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    told = Hotwash(tmp_path / "home", NO_SOUND).refusal("incidents", code=3)
    assert "cannot be used" in told
    assert "--home" in told


def test_settings_that_are_no_json_are_a_known_error(hotwash: Hotwash) -> None:
    hotwash.home.mkdir()
    (hotwash.home / "settings.json").write_text("{")
    assert "settings" in hotwash.refusal("incidents", code=3)


@pytest.mark.parametrize("moment_s", [0.0, 0.4, 1.5, 2.5])
def test_ctrl_c_at_any_moment_of_a_long_command_leaves_things_whole(
    hotwash: Hotwash, moment_s: float
) -> None:
    incident = hotwash.json("new", "x")["id"]
    running = hotwash.start("attach", incident, DEMO / "room.flac", "--start", START)
    if moment_s == 0.0:
        wait_until(
            lambda: list((hotwash.home / "incidents").rglob("session.json")) != [],
            "attaching has begun",
            seconds=30,
        )
    else:
        with contextlib.suppress(subprocess.TimeoutExpired):  # else it was over sooner
            running.wait(moment_s)
    running.send_signal(signal.SIGINT)
    _, problems = running.communicate(timeout=60)

    assert running.returncode in {130, 0, -signal.SIGINT}, problems
    if running.returncode == 130:
        assert "Stopped" in problems
        assert "Traceback" not in problems
    shown = hotwash.json("show", incident)
    for session in shown["sessions"]:
        assert session["tracks"][0]["duration_ms"] > 120_000
    assert hotwash.json("verify", incident)["ok"]
    assert os.path.lexists(hotwash.home / "hotwash.db")
