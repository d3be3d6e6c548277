"""What this program does not show itself, the desktop opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from pathlib import Path


class Opener(Protocol):
    """Each returns whether something took it."""

    def open_link(self, url: str) -> bool:
        """Follow a link."""

    def open_path(self, path: Path) -> bool:
        """Open a file or show a folder."""


class DesktopOpener:
    """Has the desktop choose; on the window's thread."""

    def open_link(self, url: str) -> bool:
        """Follow a link in the browser."""
        return QDesktopServices.openUrl(QUrl(url))

    def open_path(self, path: Path) -> bool:
        """Open a file or show a folder in the program that is set for it."""
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


DESKTOP = DesktopOpener()
