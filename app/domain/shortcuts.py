"""Keys that work while another program has the focus."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.domain.errors import AppError, ShortcutError
from app.domain.sessions import MarkerKind


class Modifier(enum.StrEnum):
    """A key that is held; ``META`` is the one with the system's sign on it."""

    CTRL = "Ctrl"
    ALT = "Alt"
    SHIFT = "Shift"
    META = "Meta"


FUNCTION_KEYS = tuple(f"F{number}" for number in range(1, 13))
KEYS = frozenset({*FUNCTION_KEYS, *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *"0123456789"})


@dataclass(frozen=True, slots=True)
class KeyCombination:
    """Keys pressed together; ``key`` is one of ``KEYS``."""

    modifiers: frozenset[Modifier]
    key: str

    def __post_init__(self) -> None:
        if self.key not in KEYS:
            raise ValueError(f"“{self.key}” is none of F1 to F12, A to Z and 0 to 9")
        if not self.modifiers - {Modifier.SHIFT}:
            raise ValueError("without Ctrl, Alt or Meta it would be taken from all other programs")

    @classmethod
    def parse(cls, text: str) -> KeyCombination:
        """Return the combination that is spelled like ``Ctrl+Alt+F2``, in any case.

        Raises:
            ValueError: It is none; the message is the end of a sentence.
        """
        *held, key = (part.strip() for part in text.split("+"))
        known = {modifier.value.casefold(): modifier for modifier in Modifier}
        unknown = [name for name in held if name.casefold() not in known]
        if unknown:
            raise ValueError(f"“{unknown[0]}” is none of {', '.join(Modifier)}")
        return cls(frozenset(known[name.casefold()] for name in held), key.upper())

    def __str__(self) -> str:
        held = [modifier.value for modifier in Modifier if modifier in self.modifiers]
        return "+".join((*held, self.key))


class ShortcutAction(enum.StrEnum):
    """What can be asked for from another program's window."""

    MARK_FACT = "mark_fact"
    MARK_HYPOTHESIS = "mark_hypothesis"
    MARK_DECISION = "mark_decision"
    MARK_ACTION = "mark_action"
    MARK_LOOK = "mark_look"
    PAUSE = "pause"
    SHOW_WINDOW = "show_window"

    @property
    def marker(self) -> MarkerKind | None:
        """The marker it stamps, None if it does something else."""
        return MarkerKind(self.removeprefix("mark_")) if self.startswith("mark_") else None

    @property
    def description(self) -> str:
        """What it does, as desktops show it in their list of shortcuts."""
        if self is ShortcutAction.PAUSE:
            return "Pause the recording, or resume it"
        if self is ShortcutAction.SHOW_WINDOW:
            return "Show the Hotwash window"
        kind = "look at this" if self is ShortcutAction.MARK_LOOK else self.marker
        return f"Mark the last 20 seconds: {kind}"


# The window's own keys with three more held: hardly any program or desktop has taken those.
DEFAULT_KEYS: Mapping[ShortcutAction, str] = {
    ShortcutAction.MARK_FACT: "Ctrl+Alt+Shift+F2",
    ShortcutAction.MARK_HYPOTHESIS: "Ctrl+Alt+Shift+F3",
    ShortcutAction.MARK_DECISION: "Ctrl+Alt+Shift+F4",
    ShortcutAction.MARK_ACTION: "Ctrl+Alt+Shift+F5",
    ShortcutAction.MARK_LOOK: "Ctrl+Alt+Shift+F6",
    ShortcutAction.PAUSE: "Ctrl+Alt+Shift+F10",
    ShortcutAction.SHOW_WINDOW: "Ctrl+Alt+Shift+F8",
}


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys and what they ask for."""

    action: ShortcutAction
    keys: KeyCombination


def shortcuts_in_force(
    chosen: Mapping[ShortcutAction, str],
) -> tuple[tuple[Shortcut, ...], tuple[ShortcutError, ...]]:
    """Return the shortcuts to listen for, and what is wrong with those a person has chosen.

    ``chosen`` takes the place of the defaults; an empty text turns a shortcut off.
    """
    found: dict[KeyCombination, Shortcut] = {}
    problems = []
    for action, text in {**DEFAULT_KEYS, **chosen}.items():
        if not text.strip():
            continue
        try:
            keys = KeyCombination.parse(text)
        except ValueError as cause:
            problems.append(ShortcutError(f"“{text}” is no shortcut: {cause}.", action))
            continue
        if keys in found:
            other = found[keys].action
            problems.append(ShortcutError(f"{keys} is chosen twice; it does “{other}”.", action))
        else:
            found[keys] = Shortcut(action, keys)
    return tuple(found.values()), tuple(problems)


class ShortcutListener(Protocol):
    """Whoever is told of the keys, on a thread of the system's choice."""

    def pressed(self, action: ShortcutAction) -> None:
        """Do what was asked for."""

    def refused(self, error: AppError) -> None:
        """Tell a person that one or all of the shortcuts do not work."""


class GlobalShortcuts(Protocol):
    """Listens for keys in all programs; ``capture.shortcuts`` in the program."""

    def listen(self, shortcuts: Iterable[Shortcut], listener: ShortcutListener) -> None:
        """Begin to listen, on a thread of its own. To be called once, by the main thread."""

    def stop(self) -> None:
        """Give the keys back."""
