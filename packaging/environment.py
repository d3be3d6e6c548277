"""The environment in ``.venv``: made from the lock, stamped, and left alone while it fits."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import lock_file
from console import SetupError, run, say

if TYPE_CHECKING:
    from lock_file import LockFile

SIZES = Path(__file__).parent / "download_sizes.json"
"""MiB of the larger packages by platform; relock.py writes it."""

UV_SETTINGS = {
    "UV_PYTHON_DOWNLOADS": "never",
    "UV_HTTP_TIMEOUT": os.environ.get("UV_HTTP_TIMEOUT", "120"),
}

SMALL_MIB = 0.25
"""What a package is reckoned at that is too small to stand in the table of sizes."""

CPU_TORCH_MIB = 200
UNPACKED = 2.2
"""Room on the disk per byte of download (3.0 GB of wheels fill 6.0 GB)."""


REMEDY = (
    "If the network failed, run the same command again: what has arrived is kept.\n"
    "Behind a mirror, set UV_DEFAULT_INDEX to its address."
)
CPU_REMEDY = (
    "PyTorch's CPU build comes from PyTorch's own server. If that cannot be reached from here,\n"
    "choose HOTWASH_TORCH=full (several GB on Linux) or HOTWASH_TORCH=none."
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an environment was made from. The first two cannot be changed in place."""

    python: str
    root: str
    lock: str
    project: str
    torch: str

    def can_be_updated(self, old: Stamp) -> bool:
        """Tell whether the environment with the old stamp can be brought up to this one."""
        return (self.python, self.root) == (old.python, old.root)


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment of the checkout in ``root``."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        inside = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        return self.folder / inside

    @property
    def _stamp_path(self) -> Path:
        return self.folder / "hotwash-set-up.json"

    @property
    def _plan_path(self) -> Path:
        return self._stamp_path.with_suffix(".unfinished")

    def stamp(self) -> Stamp | None:
        """Return what it was made from; None if it is missing, unfinished or not ours."""
        return _read_stamp(self._stamp_path)

    def chosen_torch(self) -> str | None:
        """Return the PyTorch chosen for it, also if it was never finished; None if none was."""
        stamp = self.stamp() or _read_stamp(self._plan_path)
        return stamp.torch if stamp else None

    def wanted(self, torch: str) -> Stamp:
        """Return the stamp it ought to have. ``torch`` is full, cpu or none."""
        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        installed = [project["build-system"], project["project"], project["tool"].get("hatch")]
        return Stamp(
            python=f"{base_python()} {sys.implementation.cache_tag}",
            root=str(self.root),
            lock=hashlib.sha256((self.root / "requirements.lock").read_bytes()).hexdigest(),
            project=hashlib.sha256(json.dumps(installed).encode()).hexdigest(),
            torch=torch,
        )

    def fits(self, wanted: Stamp) -> bool:
        """Tell whether there is nothing to do."""
        return self.stamp() == wanted and self.python.exists()

    def make(self, wanted: Stamp, uv: Path) -> None:
        """Bring it to what is wanted.

        Raises:
            SetupError: A download failed, the disk is too small, ...
        """
        started = time.monotonic()
        old = self.stamp()
        # Without a stamp an earlier run may have been stopped between any two files.
        if old is None or not wanted.can_be_updated(old) or not self.python.exists():
            _run_uv(uv, "venv", "--quiet", "--clear", "--python", base_python(), str(self.folder))
        self._plan_path.write_text(json.dumps(asdict(wanted), indent=1), encoding="utf-8")
        self._stamp_path.unlink(missing_ok=True)
        lock = lock_file.read_lock(self.root / "requirements.lock")
        part = part_of(lock, lock_file.diarization_of(self.root / "pyproject.toml"), wanted.torch)
        self._install(uv, lock, part, torch=wanted.torch)
        self._plan_path.replace(self._stamp_path)
        say(f"  environment  ready after {time.monotonic() - started:.0f} s")

    def _install(self, uv: Path, lock: LockFile, part: LockFile, *, torch: str) -> None:
        target = ("--python", str(self.python))
        with tempfile.TemporaryDirectory(prefix="hotwash-") as folder:
            pins = Path(folder) / "requirements.txt"
            pins.write_text(part.text(), encoding="utf-8")
            sync = ("pip", "sync", *target, "--require-hashes", "--no-build", str(pins))
            self._announce(_run_uv(uv, *sync, "--dry-run"), torch=torch)
            _run_uv(uv, *sync, show=True)
        if torch == "cpu":
            # No hashes: this build comes from PyTorch's own index, which the lock does not know.
            pinned = [f"{name}=={lock.version_of(name)}" for name in ("torch", "torchaudio")]
            backend = "--torch-backend=cpu"
            _run_uv(
                uv,
                *("pip", "install", *target, backend, *pinned),
                show=True,
                remedy=CPU_REMEDY,
            )
        itself = ("--no-deps", "--no-build-isolation", "--offline", "--editable", str(self.root))
        _run_uv(uv, "pip", "install", "--quiet", *target, *itself)

    def _announce(self, plan: str, *, torch: str) -> None:
        """Say what will be downloaded, before it is.

        Raises:
            SetupError: There is no room for it.
        """
        names = re.findall(r"^ \+ ([^=\s]+)==", plan, re.MULTILINE)
        downloads = re.search(r"^Would download (\d+) package", plan, re.MULTILINE)
        if not names and torch != "cpu":
            return
        if downloads is None and torch != "cpu":
            say(f"  environment  {_count(names)} from uv's cache, nothing to download")
            return
        mib = download_mib(names) + (CPU_TORCH_MIB if torch == "cpu" else 0)
        say(f"  environment  {_count(names)} into .venv, up to {_size(mib)} to download")
        if any(lock_file.CUDA.match(name) for name in names):
            say("               (most of it is PyTorch with CUDA, which tells speakers apart;")
            say("               stop with Ctrl-C and begin with HOTWASH_TORCH=cpu for less, or")
            say("               HOTWASH_TORCH=none for the least and no speaker names)")
        free = shutil.disk_usage(self.root).free / 2**20
        if free < mib * UNPACKED:
            raise SetupError(
                f"The environment needs about {_size(mib * UNPACKED)} of room in {self.root}, "
                f"and {_size(free)} is free.",
                remedy="Make room, or leave PyTorch out: HOTWASH_TORCH=none make demo",
            )


def _read_stamp(path: Path) -> Stamp | None:
    try:
        return Stamp(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def part_of(lock: LockFile, diarization: frozenset[str], torch: str) -> LockFile:
    """Return the pins that an environment with this PyTorch (full, cpu or none) is made from."""
    if torch == "full":
        return lock
    if torch == "none":
        return lock.without(lock.only_for(diarization))
    cuda = {name for name in lock.names if lock_file.CUDA.match(name)}
    return lock.without({"torch", "torchaudio"} | cuda)


def download_mib(names: list[str]) -> float:
    """Return about how much downloading these packages for this platform takes, in MiB."""
    table: dict[str, dict[str, float]] = json.loads(SIZES.read_text(encoding="utf-8"))
    sizes = table.get(platform_key()) or max(table.values(), key=len)
    return sum(sizes.get(name, SMALL_MIB) for name in names)


def base_python() -> str:
    """Return the interpreter itself, also when it runs from the very environment to be made."""
    if sys.prefix == sys.base_prefix or os.name != "nt":
        return os.path.realpath(sys.executable)
    return str(Path(sys.base_prefix) / "python.exe")


def platform_key() -> str:
    """Return this platform's name in the table of sizes."""
    machine = platform.machine().lower().replace("amd64", "x86_64").replace("arm64", "aarch64")
    return f"{sys.platform}-{machine}"


def _count(names: list[str]) -> str:
    return "1 package" if len(names) == 1 else f"{len(names)} packages"


def _size(mib: float) -> str:
    return f"{mib / 1024:.1f} GB" if mib >= 1000 else f"{mib:.0f} MB"  # noqa: PLR2004  a GB


def _run_uv(uv: Path, *arguments: str, show: bool = False, remedy: str = REMEDY) -> str:
    return run(
        [str(uv), *arguments],
        failure="The environment in .venv could not be made",
        remedy=remedy,
        env=UV_SETTINGS,
        show=_show_progress if show else None,
    )


def _show_progress(line: str) -> None:
    """Pass on what uv says of large downloads and of its stages, and no list of packages."""
    large = re.match(r"Downloading \S+ \((\d\d+\.\d|[\d.]+G)", line)
    if large or re.match(r"(Prepared|Installed|warning)", line):
        say(f"               {line[0].lower()}{line[1:]}")
