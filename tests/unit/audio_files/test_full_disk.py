import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lacking import skip_for

ROOT = Path(__file__).parents[3]


def mount_namespace() -> list[str]:
    """Return the command prefix under which a file system can be mounted."""
    if sys.platform != "linux":
        pytest.skip("mount namespaces are Linux's own")
    command = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "-r", "--mount"]
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as cause:
        skip_for(f"no file system can be mounted here: {cause}")
    return command


def test_a_full_disk_is_reported_keeps_what_was_written_and_goes_on_with_space(
    tmp_path: Path,
) -> None:
    script = [sys.executable, "-m", "tests.unit.audio_files.full_disk", str(tmp_path)]
    done = subprocess.run(
        [*mount_namespace(), *script], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert "No space left on device" in outcome["said"]
    assert 16 * 16_000 < outcome["position_when_full"] < 21 * 16_000
    assert outcome["problems_when_full"] == 0
    assert outcome["all_kept_when_full"]
    assert outcome["problems_at_the_end"] == 0
    assert outcome["all_there_at_the_end"]
