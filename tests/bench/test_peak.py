from __future__ import annotations

import subprocess
import sys

MEGABYTE = 2**20
LARGE = 300 * MEGABYTE
HOLD = f"held = b'x' * {LARGE}"
PROBE = "from tests.bench.peak import peak_bytes; print(peak_bytes())"


def peak_told_by(script: str) -> int:
    return int(subprocess.check_output([sys.executable, "-c", script], text=True))


def started(script: str) -> str:
    return f"import subprocess, sys; subprocess.check_call([sys.executable, '-c', {script!r}])"


def test_the_memory_of_a_run_is_not_that_of_the_process_which_started_it() -> None:
    """Linux hands the peak of the starter on to what it starts."""
    started_by_a_large_process = peak_told_by(f"{HOLD}; {started(PROBE)}")

    assert abs(started_by_a_large_process - peak_told_by(PROBE)) < 20 * MEGABYTE


def test_the_memory_of_a_run_counts_what_its_child_held() -> None:
    with_a_large_child = peak_told_by(f"{started(HOLD)}; {PROBE}")

    assert with_a_large_child - peak_told_by(PROBE) > LARGE - 20 * MEGABYTE
