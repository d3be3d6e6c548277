"""What Qt, PortAudio and the tests need from a Linux system, and how to tell what is missing.

macOS and Windows need nothing: there the wheels of PySide6 and sounddevice hold it all.
"""

from __future__ import annotations

import ctypes
import shutil
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import debian_packages
from console import SetupError, succeeds

if TYPE_CHECKING:
    from collections.abc import Sequence


class Kind(Enum):
    """How a part is looked for."""

    LIBRARY = "a shared library, by loading it"
    PROGRAM = "a program on PATH"
    ALSA_PLUGIN = "a file in ALSA's plugin folder"
    PYTHON_MODULE = "a module of the system's own Python, by importing it"


@dataclass(frozen=True, slots=True)
class Part:
    """Something of the system, and the Debian packages that hold it (old name first)."""

    kind: Kind
    name: str
    packages: tuple[str, ...]

    def is_here(self) -> bool:
        """Look for it."""
        if self.kind is Kind.PROGRAM:
            return shutil.which(self.name) is not None
        if self.kind is Kind.ALSA_PLUGIN:
            folders = ("lib/*/alsa-lib", "lib64/alsa-lib", "lib/alsa-lib")
            return any(any(Path("/usr").glob(f"{folder}/{self.name}")) for folder in folders)
        if self.kind is Kind.PYTHON_MODULE:
            return succeeds(["/usr/bin/python3", "-I", "-c", f"import {self.name}"])
        try:
            ctypes.CDLL(self.name)
        except OSError:
            return False
        return True


def _library(name: str, *packages: str) -> Part:
    return Part(Kind.LIBRARY, name, packages)


def _program(name: str, *packages: str) -> Part:
    return Part(Kind.PROGRAM, name, packages)


# The NEEDED entries of PySide6's Core, Gui, Widgets, Network, Pdf, Multimedia and of the xcb,
# Wayland and FFmpeg plugins that the wheels do not hold themselves (objdump -p, PySide6 6.11).
WINDOW = (
    _library("libEGL.so.1", "libegl1"),
    _library("libGL.so.1", "libgl1"),
    _library("libX11.so.6", "libx11-6"),
    _library("libX11-xcb.so.1", "libx11-xcb1"),
    _library("libXext.so.6", "libxext6"),
    _library("libXrandr.so.2", "libxrandr2"),
    _library("libbrotlidec.so.1", "libbrotli1"),
    _library("libdbus-1.so.3", "libdbus-1-3"),
    _library("libdrm.so.2", "libdrm2"),
    _library("libfontconfig.so.1", "libfontconfig1"),
    _library("libfreetype.so.6", "libfreetype6"),
    _library("libglib-2.0.so.0", "libglib2.0-0", "libglib2.0-0t64"),
    _library("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    _library("libpulse.so.0", "libpulse0"),
    _library("libwayland-client.so.0", "libwayland-client0"),
    _library("libwayland-cursor.so.0", "libwayland-cursor0"),
    _library("libwayland-egl.so.1", "libwayland-egl1"),
    _library("libxcb-cursor.so.0", "libxcb-cursor0"),
    _library("libxcb-glx.so.0", "libxcb-glx0"),
    _library("libxcb-icccm.so.4", "libxcb-icccm4"),
    _library("libxcb-image.so.0", "libxcb-image0"),
    _library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    _library("libxcb-randr.so.0", "libxcb-randr0"),
    _library("libxcb-render-util.so.0", "libxcb-render-util0"),
    _library("libxcb-render.so.0", "libxcb-render0"),
    _library("libxcb-shape.so.0", "libxcb-shape0"),
    _library("libxcb-shm.so.0", "libxcb-shm0"),
    _library("libxcb-sync.so.1", "libxcb-sync1"),
    _library("libxcb-util.so.1", "libxcb-util1"),
    _library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    _library("libxcb-xkb.so.1", "libxcb-xkb1"),
    _library("libxkbcommon.so.0", "libxkbcommon0"),
    _library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    # sound: PortAudio, ALSA's way to PulseAudio and PipeWire, and the list of sources
    _library("libportaudio.so.2", "libportaudio2"),
    Part(Kind.ALSA_PLUGIN, "libasound_module_pcm_pulse.so", ("libasound2-plugins",)),
    _program("pactl", "pulseaudio-utils"),
)

# A private sound server with null sinks, a private message bus and what plays a desktop on it,
# what tells when the recorder waits for the disk, what checks a PDF, and a screen that nobody
# sees with a window manager and a keyboard; most tests show their windows to nobody ("offscreen").
TESTS = (
    *WINDOW,
    _program("pulseaudio", "pulseaudio"),
    _program("dbus-daemon", "dbus-daemon", "dbus"),
    Part(Kind.PYTHON_MODULE, "dbusmock", ("python3-dbusmock",)),
    _program("strace", "strace"),
    _program("qpdf", "qpdf"),
    _program("Xvfb", "xvfb"),
    _program("openbox", "openbox"),
    _program("xdotool", "xdotool"),
)

# For systems without apt; their packages are named from their own catalogues, not tried here.
ELSEWHERE = {
    "dnf": "sudo dnf install libglvnd-egl libglvnd-glx libxkbcommon-x11 xcb-util-cursor "
    "xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil libwayland-cursor "
    "libwayland-egl portaudio alsa-plugins-pulseaudio pulseaudio-utils",
    "pacman": "sudo pacman -S --needed libglvnd libxkbcommon-x11 xcb-util-cursor xcb-util-wm "
    "xcb-util-image xcb-util-keysyms xcb-util-renderutil wayland portaudio alsa-plugins libpulse",
}

FOR_TESTS = {
    "dnf": "pulseaudio dbus-daemon python3-dbusmock strace qpdf xorg-x11-server-Xvfb openbox "
    "xdotool",
    "pacman": "pulseaudio dbus python-dbusmock strace qpdf xorg-server-xvfb openbox xdotool",
}


def ensure(parts: tuple[Part, ...], *, also: Sequence[str] = ()) -> None:
    """Install what is missing, or tell how.

    Args:
        parts: What has to be there.
        also: Debian packages that are missing too, so that all of them are told at once.

    Raises:
        SetupError: Something is missing that we may not, or cannot, install.
    """
    missing = missing_of(parts)
    if not missing and not also:
        return
    if not debian_packages.can_be_used():
        raise SetupError(
            f"This system lacks {_names(missing)}.", remedy=_hint(for_tests=parts is TESTS)
        )
    known = {debian_packages.known_name(part.packages) for part in missing}
    packages = [*also, *sorted(known)]
    wanting = {WINDOW: "The window and the sound need", TESTS: "The tests need"}
    purpose = wanting.get(parts, "Getting uv, the package installer, takes")
    count = "a package" if len(packages) == 1 else f"{len(packages)} packages"
    debian_packages.install(packages, why=f"{purpose} {count} of the system")
    if missing := missing_of(parts):
        raise SetupError(f"apt installed all packages, and still {_names(missing)} is missing.")


def _names(missing: Sequence[Part]) -> str:
    return ", ".join(part.name for part in missing)


def missing_of(parts: tuple[Part, ...]) -> list[Part]:
    """Return the parts that this system has not."""
    if not sys.platform.startswith("linux"):
        return []
    return [part for part in parts if not part.is_here()]


def _hint(*, for_tests: bool) -> str:
    for program, window in ELSEWHERE.items():
        if shutil.which(program):
            command = f"{window} {FOR_TESTS[program]}" if for_tests else window
            return f"Probably this brings it; then run the same command again:\n\n    {command}\n"
    return "Install the packages that hold these, then run the same command again."
