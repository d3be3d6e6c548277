"""What the ways of listening for keys have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.domain.errors import ShortcutError

if TYPE_CHECKING:
    from app.domain.shortcuts import Shortcut


class NotOfferedError(Exception):
    """This system does not have this way of listening for keys."""


class Way(Protocol):
    """One system's way."""

    def run(self) -> None:
        """Listen until ``stop``; tells the listener of keys, and of those that were refused.

        Raises:
            NotOfferedError: Nothing was begun.
        """

    def stop(self) -> None:
        """Have ``run`` return soon; from another thread, whether or not it has begun."""


def taken(shortcut: Shortcut) -> ShortcutError:
    """Return what to tell of keys that are another program's."""
    return ShortcutError(
        f"{shortcut.keys} belongs to another program or to the desktop, and works there alone.",
        shortcut.action,
    )
