"""A redaction of packed audio, and a kill at any step of packing or of that."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.audio_files import packing
from app.audio_files.archive import FolderArchive
from app.audio_files.flac import flac_of
from app.audio_files.journal import read_journal
from app.audio_files.journal_lines import Redacted
from app.audio_files.wav import HEADER_BYTES
from app.domain.engine_types import FileProblem
from app.domain.times import Span
from tests.unit.audio_files.killed_packing import ACROSS, ACTS, STEPS, WHO
from tests.unit.audio_files.recordings import (
    SECOND,
    content,
    heard,
    murmur,
    murmured,
    pack,
    silent,
    sounds,
)

ROOT = Path(__file__).parents[3]
FILES = [f"room-00000{number}" for number in (1, 2, 3, 4)]


@pytest.mark.parametrize("packed_first", [True, False], ids=["packed first", "packed after"])
def test_a_stretch_of_a_packed_session_becomes_silent_and_nothing_else(
    tmp_path: Path, *, packed_first: bool
) -> None:
    pcm = murmured(tmp_path)
    if packed_first:
        pack(tmp_path)
    names = FolderArchive().silence(tmp_path, [ACROSS], **WHO)
    pack(tmp_path)

    suffix = "flac" if packed_first else "wav"
    assert names == tuple(f"{name}.{suffix}" for name in FILES[:3])
    assert heard(tmp_path) == silent(pcm, ACROSS)
    assert sounds(tmp_path) == [f"{name}.flac" for name in FILES]
    assert FolderArchive().verify(tmp_path).problems == ()
    journal = content(tmp_path)["journal.jsonl"]
    assert FolderArchive().silence(tmp_path, [ACROSS], **WHO) == ()
    assert content(tmp_path)["journal.jsonl"] == journal

    again = Span(3_100, 3_200)
    FolderArchive().silence(tmp_path, [Span(1_000, 2_000), again], **WHO)
    assert heard(tmp_path) == silent(silent(pcm, ACROSS), again)
    assert FolderArchive().verify(tmp_path).problems == ()


def test_a_redaction_of_a_flac_that_was_exchanged_does_not_hide_that(tmp_path: Path) -> None:
    murmured(tmp_path)
    pack(tmp_path)
    path = tmp_path / "room-000002.flac"
    path.write_bytes(flac_of(murmur(SECOND, 9)))

    FolderArchive().silence(tmp_path, [Span(1_500, 1_600)], **WHO)

    assert FolderArchive().verify(tmp_path).problems == (FileProblem(path, "changed"),)
    redacted = [n for n in read_journal(tmp_path).lines if isinstance(n, Redacted)]
    assert [line.file for line in redacted] == ["room-000002.wav"]


def test_packing_and_redacting_leave_no_block_with_the_old_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    murmured(tmp_path)
    cleared: list[bytes] = []
    real = packing._clear

    def look(work: Path) -> None:
        kept = [path.open("rb") for path in work.iterdir()]
        real(work)
        for file in kept:
            with file:
                cleared.append(file.read())

    monkeypatch.setattr(packing, "_clear", look)
    pack(tmp_path)
    old = (tmp_path / "room-000002.flac").open("rb")
    FolderArchive().silence(tmp_path, [Span(1_500, 1_600)], **WHO)

    assert [len(data) for data in cleared] == [HEADER_BYTES + 2 * SECOND] * 4
    with old:
        assert not any(b"".join([*cleared, old.read()]))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_every_sample_and_the_next_call_completes(
    tmp_path: Path, step: str, act: str
) -> None:
    pcm = murmured(tmp_path)
    if act == "silence":
        pack(tmp_path)
    before = heard(tmp_path)
    script = [sys.executable, "-m", "tests.unit.audio_files.killed_packing"]
    killed = subprocess.run([*script, str(tmp_path), act, step], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    after = heard(tmp_path)
    assert after[2_100 * 32 :] == before[2_100 * 32 :]
    assert act == "silence" or after == before

    FolderArchive().recover(tmp_path)

    assert FolderArchive().verify(tmp_path).problems == ()
    assert not (tmp_path / "packing").exists()
    assert not (tmp_path / "set_aside").exists()
    if act == "pack":
        assert heard(tmp_path) == pcm
    ACTS[act](tmp_path)
    assert heard(tmp_path) == (pcm if act == "pack" else silent(pcm, ACROSS))
    assert sounds(tmp_path) == [f"{name}.flac" for name in FILES]
    assert FolderArchive().verify(tmp_path).problems == ()
    state = content(tmp_path)
    FolderArchive().recover(tmp_path)
    assert content(tmp_path) == state
