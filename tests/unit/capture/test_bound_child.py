"""What a killed recorder asked for ends with it."""

import subprocess
import sys

import psutil
import pytest

PARENT = """
import subprocess, time
from capture.bound_child import bound
child = subprocess.Popen(bound("sleep", "600"))
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_a_command_ends_with_the_process_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()

        gone, alive = psutil.wait_procs([child], timeout=10)

    assert (gone, alive) == ([child], [])
