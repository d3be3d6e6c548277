"""``make demo`` on a Debian that has python3, git and make, and nothing else.

Takes minutes, the network, root and debootstrap: part of ``make prove``, not of ``make test``.
The mounts live in a namespace of their own and are gone with its last process.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.proof.recorded import KeepFigure

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1800)]

SUITE = os.environ.get("HOTWASH_FRESH_SUITE", "bookworm")
ENTER = 'mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/dev/shm" && exec chroot "$@"'

# How this machine reaches its registries goes in; what it has installed or cached does not.
KEPT_OUT = ("HOME", "PATH", "VIRTUAL_ENV", "UV_CACHE_DIR", "PIP_FIND_LINKS", "PYTHONPATH", "USER")
HANDED_IN = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class Machine:
    root: Path

    def run(self, user: str, command: str) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in KEPT_OUT and not name.startswith(("HOTWASH_", "QT_", "PYTEST_", "MAKE"))
        }
        home = "/root" if user == "root" else f"/home/{user}"
        environment |= {"HOME": home, "USER": user, "LANG": "C.UTF-8"}
        environment |= {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        inside = ["/usr/bin/env", "-C", f"{home}/hotwash", "sh", "-c", command]
        return subprocess.run(
            [
                *("unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER),
                *(str(self.root), f"--userspec={user}:{user}", str(self.root), *inside),
            ],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture(scope="module")
def machine(root: Path) -> Iterator[Machine]:
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        pytest.fail("this proof needs root and debootstrap (apt-get install debootstrap)")
    folder = Path(tempfile.mkdtemp(prefix="hotwash-fresh-"))
    folder.chmod(0o755)  # the root of a file system that others than root use
    packages = "--include=python3,git,make,ca-certificates"
    subprocess.run(
        ["debootstrap", "--variant=minbase", packages, SUITE, str(folder)],
        check=True,
        capture_output=True,
    )
    for name in HANDED_IN:
        if Path(name).exists():
            shutil.copy(name, folder / name[1:])
    subprocess.run(["chroot", str(folder), "useradd", "--create-home", "dana"], check=True)
    for home, owner in (("root", "root"), ("home/dana", "dana")):
        clone = folder / home / "hotwash"
        subprocess.run(["git", "clone", "-q", str(root), str(clone)], check=True)
        owning = ["chroot", str(folder), "chown", "-R", f"{owner}:{owner}", f"/{home}/hotwash"]
        subprocess.run(owning, check=True)
    yield Machine(folder)
    shutil.rmtree(folder)


def has_no_qt_libraries(machine: Machine) -> bool:
    return not list((machine.root / "usr/lib").glob("*/lib[EG]*L.so.1"))


def test_who_may_install_nothing_is_told_one_command(machine: Machine) -> None:
    refused = machine.run("dana", "make demo")

    assert refused.returncode != 0
    assert "apt-get install" in refused.stderr, refused.stdout + refused.stderr
    (command,) = (line for line in refused.stderr.splitlines() if "apt-get install" in line)
    assert command.strip().startswith("su -c 'apt-get install --yes ")
    told = command.strip().removeprefix("su -c '").removesuffix("'")

    assert machine.run("root", f"apt-get update && {told}").returncode == 0
    done = machine.run("dana", "HOTWASH_TORCH=none make demo")

    assert done.returncode == 0, done.stdout + done.stderr
    assert has_no_qt_libraries(machine)
    assert "up to" in done.stdout
    assert ".pdf" in done.stdout
    assert list((machine.root / "home/dana/hotwash/demo-out").rglob("*.pdf"))


def test_root_needs_one_command_and_the_second_run_sets_nothing_up(
    machine: Machine, proof_figure: KeepFigure
) -> None:
    began = time.monotonic()
    first = machine.run("root", "make demo")
    taken_s = round(time.monotonic() - began)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "environment  ready after" in first.stdout
    assert has_no_qt_libraries(machine)

    second = machine.run("root", "make demo")

    assert second.returncode == 0, second.stdout + second.stderr
    assert "etting Hotwash up" not in second.stdout
    proof_figure("make demo on a bare Debian, downloads included", taken_s, "s", "one command")


def test_the_window_opens_after_its_set_up(machine: Machine) -> None:
    done = machine.run(
        "root",
        "python3 packaging/bootstrap.py --for window && QT_QPA_PLATFORM=offscreen .venv/bin/python"
        " -c 'import sounddevice; from PySide6.QtWidgets import QApplication, QWidget\n"
        'app = QApplication([]); QWidget().show(); app.processEvents(); print("shown")\'',
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("shown\n")
