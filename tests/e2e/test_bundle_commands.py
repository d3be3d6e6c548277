"""Bundles from the command line, in processes that may be killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from app.audio_files.folder_lock import FolderLock
from tests.builders import INCIDENT, SESSION
from tests.command_line import Hotwash
from tests.machines import Machine, files_of, with_an_incident

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.proof.recorded import KeepFigure

KEYS = ["incident_id", "title", "new", "unchanged", "merged"]
KEYS += ["conflicts", "doubles", "sessions_added", "files"]
MEGABYTE = 1 << 20


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Machine]:
    machine = with_an_incident(Machine(tmp_path / "here"))
    yield machine
    machine.close()


def test_export_verify_and_open(here: Machine, tmp_path: Path) -> None:
    first, second = Hotwash(here.home.root, {}), Hotwash(tmp_path / "there", {})
    bundle = tmp_path / "a.hotwash"
    made = first.json("export", INCIDENT, "--format", "bundle", "--out", bundle)
    assert (made["path"], made["format"], made["final"]) == (str(bundle), "bundle", False)
    assert made["bytes"] == bundle.stat().st_size
    assert "exists already" in first.refusal(
        "export", INCIDENT, "--format", "bundle", "--out", bundle, code=1
    )

    found = second.json("verify", bundle)
    assert (found["kind"], found["ok"], found["problems"]) == ("bundle", True, [])
    assert found["chain_head"] == first.json("verify", INCIDENT)["chain_head"]
    assert found["bytes"] == made["bytes"]
    assert len(found["manifest_sha256"]) == 64

    opened = second.json("open", bundle)
    assert list(opened) == KEYS
    assert (opened["incident_id"], opened["title"]) == (INCIDENT, "Checkout errors")
    assert (opened["sessions_added"], opened["files"], opened["conflicts"]) == (1, 5, [])
    assert second.json("show", INCIDENT) == first.json("show", INCIDENT)
    assert second.json("verify", INCIDENT)["ok"]
    assert "0 new, 0 changed, 8 unchanged" in second.run("open", bundle).stdout


def test_what_both_have_changed_is_told_in_words_with_how_to_take_the_other(
    here: Machine, tmp_path: Path
) -> None:
    first, second = Hotwash(here.home.root, {}), Hotwash(tmp_path / "there", {})
    out, back = tmp_path / "a.hotwash", tmp_path / "b.hotwash"
    first.json("export", INCIDENT, "--format", "bundle", "--out", out)
    second.json("open", out)
    first.json("severity", INCIDENT, "SEV2")
    second.json("severity", INCIDENT, "SEV1")
    second.json("export", INCIDENT, "--format", "bundle", "--out", back)

    told = first.run("open", back).stdout
    assert f"incident {INCIDENT}, severity: here SEV2, in the bundle SEV1\n" in told
    assert f"hotwash apply {INCIDENT} FILE.json" in told


def test_a_changed_bundle_is_a_finding_for_verify_and_refused_by_open(
    here: Machine, tmp_path: Path
) -> None:
    hotwash, bundle = Hotwash(tmp_path / "there", {}), here.export(tmp_path / "a.hotwash")
    data = bytearray(bundle.read_bytes())
    data[data.index(b"RIFF") + 500] ^= 1
    bundle.write_bytes(data)

    done = hotwash.run("verify", bundle)
    assert (done.returncode, "changed: audio/ses-a/bridge-000001.wav" in done.stdout) == (1, True)
    assert "bridge-000001.wav is changed" in hotwash.refusal("open", bundle, code=1)
    assert "cannot be read" in hotwash.refusal("open", tmp_path / "none.hotwash", code=1)
    assert "cannot be read" in hotwash.refusal("verify", tmp_path / "none.hotwash", code=1)
    assert hotwash.json("incidents") == {"incidents": []}


def test_a_session_that_is_being_recorded_is_not_packed(here: Machine, tmp_path: Path) -> None:
    hotwash, out = Hotwash(here.home.root, {}), tmp_path / "a.hotwash"
    lock = FolderLock(here.home.session_dir(INCIDENT, SESSION))
    try:
        told = hotwash.refusal("export", INCIDENT, "--format", "bundle", "--out", out, code=1)
    finally:
        lock.release()
    assert "Stop that recording first" in told
    assert not out.exists()


def killed_and_opened_again(here: Machine, tmp_path: Path, *, times: int) -> int:
    """Return how many openings the kill cut off; the others were faster."""
    bundle = here.export(tmp_path / "a.hotwash")
    script = tmp_path / "open_here.py"
    script.write_text(OPENING)
    # The first is slower: what it reads is not in the system's memory yet.
    whole = min(_seconds(script, tmp_path / f"timed-{number}", bundle) for number in range(2))
    dice = random.Random(5)  # noqa: S311  not a secret
    cut_off = 0
    for number in range(times):
        root = tmp_path / f"there-{number}"
        process = _opening(script, root, bundle)
        time.sleep(dice.uniform(0, whole))
        process.kill()
        cut_off += b"done" not in process.communicate()[0]
        there = Machine(root)
        try:
            seen = [incident.id for incident in there.store.incidents()]
            assert seen in ([], [INCIDENT])
            if seen:
                assert there.record == here.record, "the record is there whole, or not at all"
            assert there.open(bundle).conflicts == ()
            assert there.store.copy(INCIDENT) == here.store.copy(INCIDENT)
            assert files_of(there) == files_of(here)
            assert there.verification.incident(INCIDENT).ok
            assert not list(there.home.incoming.glob("*/"))
        finally:
            there.close()
    return cut_off


OPENING = """
import sys
from pathlib import Path
from tests.machines import Machine

machine = Machine(Path(sys.argv[1]))
print("ready", flush=True)
machine.open(Path(sys.argv[2]))
print("done", flush=True)
"""


def _opening(script: Path, root: Path, bundle: Path) -> subprocess.Popen[bytes]:
    """Start a process that opens the bundle; return once it is about to."""
    command = [sys.executable, str(script), str(root), str(bundle)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def _seconds(script: Path, root: Path, bundle: Path) -> float:
    process = _opening(script, root, bundle)
    begun = time.monotonic()
    assert process.stdout is not None
    assert process.stdout.readline() == b"done\n"
    lasted = time.monotonic() - begun  # without the end of the process, in which a kill is late
    process.communicate()
    return lasted


def test_a_killed_opening_leaves_nothing_or_what_the_next_one_completes(
    here: Machine, tmp_path: Path
) -> None:
    killed_and_opened_again(here, tmp_path, times=2)


@pytest.mark.prove
@pytest.mark.timeout(1_800)
def test_sixty_killed_openings_leave_nothing_or_what_the_next_one_completes(
    here: Machine, tmp_path: Path, proof_figure: KeepFigure
) -> None:
    cut_off = killed_and_opened_again(here, tmp_path, times=60)

    assert cut_off > 30, "most kills came in time"
    bar = "each leaves the record whole or not there, and the next opening completes it"
    proof_figure("kill -9 while opening a bundle: cut off of 60", cut_off, "openings", bar)


@pytest.mark.prove
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.timeout(900)
def test_memory_stays_flat_with_two_hundred_megabytes_of_audio(
    tmp_path: Path, proof_figure: KeepFigure
) -> None:
    """Fifty-five minutes of two tracks; what a small one needs is taken off."""
    small, large = _peak(tmp_path / "small", 2), _peak(tmp_path / "large", 3_300)
    assert large - small < 40 * MEGABYTE, (small, large)
    grown = round((large - small) / MEGABYTE, 1)
    proof_figure("a bundle of 211 MB: memory over that of a small one", grown, "MB", "below 40 MB")


MOVING = """
import sys
from pathlib import Path
from tests.builders import INCIDENT
from tests.machines import Machine

root = Path(sys.argv[1])
here, there = Machine(root / "here"), Machine(root / "there")
bundle = here.export(root / "a.hotwash")
assert there.verify(bundle).ok
assert there.open(bundle).files == int(sys.argv[2])
# Not getrusage: that begins with what the parent of this process had.
status = Path("/proc/self/status").read_text().split()
print(bundle.stat().st_size, int(status[status.index("VmHWM:") + 1]) * 1024)
"""


def _peak(root: Path, seconds: int) -> int:
    machine = with_an_incident(Machine(root / "here"), seconds=seconds)
    base = machine.home.incident_dir(INCIDENT)
    files = sum(p.is_file() and p.name != "writer.lock" for p in base.rglob("*"))
    machine.close()
    script = root / "move.py"
    script.write_text(MOVING)
    command = [sys.executable, str(script), str(root), str(files)]
    out = subprocess.run(command, capture_output=True, check=True).stdout.split()
    assert int(out[0]) > seconds * 64_000
    return int(out[1])
