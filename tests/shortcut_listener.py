"""A stand-in for the program behind the keys: keeps what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.shortcuts import KeyCombination, Shortcut, ShortcutAction

if TYPE_CHECKING:
    from app.domain.errors import AppError

FACT = Shortcut(ShortcutAction.MARK_FACT, KeyCombination.parse("Ctrl+Alt+Shift+F2"))
LOOK = Shortcut(ShortcutAction.MARK_LOOK, KeyCombination.parse("Ctrl+Alt+L"))


@dataclass
class Heard:
    """Implements ``ShortcutListener``."""

    actions: list[ShortcutAction] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def pressed(self, action: ShortcutAction) -> None:
        self.actions.append(action)

    def refused(self, error: AppError) -> None:
        assert error.remedy
        self.problems.append(str(error))
