"""What the ways of listening for keys have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.domain.errors import ShortcutError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.shortcuts import Shortcut, ShortcutListener


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


def tell_taken(listener: ShortcutListener, shortcuts: Sequence[Shortcut]) -> None:
    """Tell, in one sentence, of keys that are another program's, if there are any."""
    if shortcuts:
        names = ", ".join(str(shortcut.keys) for shortcut in shortcuts)
        listener.refused(
            ShortcutError(
                f"Another program or the desktop has these keys already: {names}.",
                shortcuts[0].action,
            )
        )
