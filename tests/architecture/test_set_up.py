"""The set-up as processes of its own, on a copy of a small checkout.

uv, apt and sudo are small programs here that write down what they are asked for: what the real
ones do with it is proved on fresh machines (test_fresh_machine.py, ``make prove``).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import system_parts
import uv_tool
from console import SetupError

from tests.architecture.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")

FAKE_UV = """#!/bin/sh
case "$1" in --version) echo "uv 99.0.0"; exit 0;; esac
echo "$@" >> "$LOG"
case "$*" in
    venv*)
        for folder; do :; done
        rm -rf "$folder"; mkdir -p "$folder/bin"; touch "$folder/bin/python";;
    "pip sync"*--dry-run)
        echo "Would download 2 packages"; echo " + numpy==2.0"; echo " + nvidia-cublas==13.0";;
    "pip sync"*)
        [ -z "$UV_FAILS" ] || { echo "error: no route to host"; exit 2; }
        for pins; do :; done
        cp "$pins" "$LOG.pins"; echo "Downloading torch (506.0MiB)"; echo " + torch==1";;
esac
"""
FAKE_APT = '#!/bin/sh\necho "apt-get $@" >> "$LOG"\n'
FAKE_APT_THAT_BRINGS = """#!/bin/sh
echo "apt-get $@" >> "$LOG"
case "$*" in
    *--assume-no*) echo "Need to get 9,130 kB of archives.";;
    install*)
        for program in pulseaudio dbus-daemon strace qpdf Xvfb openbox xdotool; do
            cp "$0" "${0%apt-get}$program"
        done;;
esac
"""
FAKE_SUDO = '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n'

LOCK = """\
faster-whisper==1.2.1 \\
    --hash=sha256:1
    # via hotwash (pyproject.toml)
torch==2.11.0 \\
    --hash=sha256:2
    # via hotwash (pyproject.toml)
torchaudio==2.11.0 \\
    --hash=sha256:3
    # via hotwash (pyproject.toml)
nvidia-cublas==13.0.0 ; sys_platform == 'linux' \\
    --hash=sha256:4
    # via torch
"""
PYPROJECT = """\
[build-system]
requires = []
[project]
name = "hotwash"
[project.optional-dependencies]
diarization = ["torch==2.11.*", "torchaudio==2.11.*"]
[tool.hatch]
"""


@dataclass
class Checkout:
    """A checkout, with the only folder that its set-up finds programs in."""

    root: Path
    before: tuple[str, ...] = ()
    python: str = sys.executable
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.root / "log"

    def add_program(self, name: str, script: str) -> None:
        path = self.root / "bin" / name
        path.write_text(script)
        path.chmod(0o755)

    def set_up(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        self.log.unlink(missing_ok=True)
        return subprocess.run(
            [*self.before, self.python, "-B", "packaging/bootstrap.py", *arguments],
            cwd=self.root,
            env={"PATH": str(self.root / "bin"), "LOG": str(self.log)} | variables,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    folder = Path(tempfile.mkdtemp(prefix="hotwash-set-up-"))
    folder.chmod(0o755)  # a user without rights has to get in
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "packaging", folder / "packaging", ignore=ignored)
    (folder / "requirements.lock").write_text(LOCK)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "bin").mkdir()
    for tool in ("sh", "rm", "mkdir", "touch", "cp", "env", "true"):
        found = shutil.which(tool)
        assert found is not None
        (folder / "bin" / tool).symlink_to(found)
    made = Checkout(folder)
    made.add_program("uv", FAKE_UV)
    yield made
    shutil.rmtree(folder)


@pytest.fixture
def unprivileged(checkout: Checkout) -> Checkout:
    """The checkout as a user sees it who is not root and may not become root."""
    checkout.add_program("apt-get", FAKE_APT)
    checkout.add_program("apt-cache", FAKE_APT)
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv") or "setpriv"
        checkout.before = (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups")
        checkout.python = "/usr/bin/python3"  # a Python in root's home is out of its reach
    return checkout


def test_a_first_run_makes_the_environment_and_a_second_one_does_nothing(
    checkout: Checkout,
) -> None:
    first = checkout.set_up()
    venv, plan, sync, itself = checkout.asked()

    assert first.returncode == 0, first.stderr
    assert venv.startswith("venv --quiet --clear --python")
    assert "--require-hashes" in plan
    assert plan.endswith("--dry-run")
    assert sync == plan.removesuffix(" --dry-run")
    assert itself.startswith("pip install")
    assert "--no-deps --no-build-isolation --offline --editable" in itself
    second = checkout.set_up()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert checkout.asked() == []


def test_the_size_is_told_before_the_download(checkout: Checkout) -> None:
    told = checkout.set_up().stdout

    assert "2 packages into .venv, up to " in told
    assert "HOTWASH_TORCH=cpu" in told
    assert told.index("up to") < told.index("downloading torch (506.0MiB)")
    assert "+ torch" not in told


def test_a_changed_lock_updates_the_environment_in_place(checkout: Checkout) -> None:
    checkout.set_up()
    kept = checkout.root / ".venv" / "kept"
    kept.touch()
    (checkout.root / "requirements.lock").write_text(LOCK.replace("1.2.1", "1.2.2"))

    done = checkout.set_up()

    assert done.returncode == 0
    assert not [call for call in checkout.asked() if call.startswith("venv")]
    assert kept.exists()
    assert "1.2.2" in Path(f"{checkout.log}.pins").read_text()


def test_a_checkout_that_was_moved_gets_its_environment_anew(checkout: Checkout) -> None:
    checkout.set_up()
    stamp = checkout.root / ".venv" / "hotwash-set-up.json"
    moved = json.loads(stamp.read_text()) | {"root": "/elsewhere"}
    stamp.write_text(json.dumps(moved))

    checkout.set_up()

    assert checkout.asked()[0].startswith("venv --quiet --clear")


def test_a_failed_download_is_told_and_the_next_run_begins_anew(checkout: Checkout) -> None:
    failed = checkout.set_up(UV_FAILS="1", HOTWASH_TORCH="none")

    assert failed.returncode == 3
    assert "Set-up stopped: The environment in .venv could not be made" in failed.stderr
    assert "error: no route to host" in failed.stderr
    assert "run the same command again" in failed.stderr
    again = checkout.set_up()
    assert again.returncode == 0
    assert checkout.asked()[0].startswith("venv --quiet --clear")


def test_the_choice_of_torch_is_kept_until_another_is_made(checkout: Checkout) -> None:
    def pins() -> str:
        return Path(f"{checkout.log}.pins").read_text()

    checkout.set_up(HOTWASH_TORCH="none")
    assert "faster-whisper==1.2.1" in pins()
    assert "torch==" not in pins()
    assert "nvidia" not in pins()
    assert checkout.set_up().stdout == ""
    (checkout.root / ".venv" / "bin" / "python").unlink()
    checkout.set_up()
    assert "torch==" not in pins()
    checkout.set_up(HOTWASH_TORCH="full")
    assert pins() == LOCK


def test_the_cpu_build_is_asked_for_in_the_locked_version(checkout: Checkout) -> None:
    assert checkout.set_up(HOTWASH_TORCH="cpu").returncode == 0

    (asked,) = (call for call in checkout.asked() if "--torch-backend=cpu" in call)
    assert asked.endswith("torch==2.11.0 torchaudio==2.11.0")
    assert "torch" not in Path(f"{checkout.log}.pins").read_text().replace("via torch", "")


def test_an_unknown_build_of_torch_is_refused(checkout: Checkout) -> None:
    refused = checkout.set_up(HOTWASH_TORCH="gpu")

    assert refused.returncode == 2
    assert "HOTWASH_TORCH is 'gpu'; it may be full, cpu, none." in refused.stderr
    assert checkout.asked() == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the wheels hold everything")
class TestSystemPackages:
    def test_the_demo_asks_for_none(self, unprivileged: Checkout) -> None:
        unprivileged.set_up("--for", "program")

        assert not [call for call in unprivileged.asked() if call.startswith("apt-get install")]

    def test_who_may_not_install_is_told_the_exact_command(self, unprivileged: Checkout) -> None:
        done = unprivileged.set_up("--for", "tests")

        assert done.returncode == 3, done.stderr
        assert "that takes an administrator" in done.stderr
        (command,) = (line for line in done.stderr.splitlines() if "apt-get" in line)
        assert command.strip().startswith("su -c 'apt-get install --yes --no-install-recommends ")
        for package in ("pulseaudio", "pulseaudio-utils"):
            assert f" {package}" in command
        asked = [call for call in unprivileged.asked() if not call.startswith("apt-get policy")]
        assert asked == [], "nothing may be done before everything can be"

    def test_sudo_installs_what_is_missing(self, unprivileged: Checkout) -> None:
        unprivileged.add_program("pactl", "#!/bin/sh\n")
        unprivileged.add_program("sudo", FAKE_SUDO)
        unprivileged.add_program("apt-get", FAKE_APT_THAT_BRINGS)
        for folder in (unprivileged.root, unprivileged.root / "bin"):
            folder.chmod(0o777)  # the stand-ins write as nobody

        done = unprivileged.set_up("--for", "tests")

        assert "apt: dbus-daemon openbox pulseaudio qpdf strace xdotool xvfb\n" in done.stdout, (
            done.stderr
        )
        assert "9,130 kB to download" in done.stdout
        asked = [call for call in unprivileged.asked() if call.startswith("apt-get")]
        asked = [call for call in asked if not call.startswith("apt-get policy")]
        assert asked[0].startswith("apt-get update")
        assert asked[-1].startswith("apt-get install --yes --no-install-recommends --no-remove")
        assert asked[-1].endswith(" dbus-daemon openbox pulseaudio qpdf strace xdotool xvfb")
        assert done.returncode == 0, done.stderr

    def test_a_system_without_apt_is_told_what_is_missing(self, checkout: Checkout) -> None:
        checkout.add_program("dnf", "#!/bin/sh\n")

        done = checkout.set_up("--for", "tests")

        assert done.returncode == 3
        lacks = "pactl, pulseaudio, dbus-daemon, strace, qpdf, Xvfb, openbox, xdotool."
        assert f"This system lacks {lacks}" in done.stderr
        assert "sudo dnf install " in done.stderr
        assert " xorg-x11-server-Xvfb openbox xdotool\n" in done.stderr
        assert checkout.asked() == []

    def test_a_module_is_looked_for_in_the_systems_own_python_alone(self) -> None:
        kind = system_parts.Kind.PYTHON_MODULE
        everybodys, ours = (system_parts.Part(kind, name, ()) for name in ("json", "app"))

        assert system_parts.missing_of((everybodys, ours)) == [ours]

    def test_what_the_tests_need_is_here(self) -> None:
        assert system_parts.missing_of(system_parts.TESTS) == []


def test_a_python_without_pip_and_venv_is_told_the_package_that_brings_uv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apt-get").write_text("#!/bin/sh\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(uv_tool, "_has_venv", lambda: False)
    monkeypatch.setattr(uv_tool, "_has_pip", lambda: False)

    assert uv_tool.packages_wanted(tmp_path) == [f"python3.{sys.version_info.minor}-venv"]
    (tmp_path / "apt-get").unlink()
    with pytest.raises(SetupError, match="neither pip nor venv") as refused:
        uv_tool.packages_wanted(tmp_path)
    assert refused.value.exit_code == 3


def test_a_python_that_is_too_old_is_told_so(root: Path) -> None:
    code = (
        "import sys; sys.version_info = (3, 9, 2, 'final', 0); sys.path.insert(0, 'packaging')\n"
        "import bootstrap; sys.exit(bootstrap.main())"
    )

    done = subprocess.run(
        [sys.executable, "-B", "-c", code], cwd=root, capture_output=True, text=True, check=False
    )

    assert done.returncode == 3
    assert "Hotwash needs Python 3.11 or newer" in done.stderr
    assert "is 3.9.2." in done.stderr
    assert "make demo PYTHON=" in done.stderr
