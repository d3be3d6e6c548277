import pytest

from app.domain.sessions import MarkerKind
from app.domain.shortcuts import (
    DEFAULT_KEYS,
    KeyCombination,
    Modifier,
    ShortcutAction,
    shortcuts_in_force,
)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("ctrl+ALT+f2", "Ctrl+Alt+F2"),
        (" Shift + Meta + x ", "Shift+Meta+X"),
        ("Alt+Ctrl+9", "Ctrl+Alt+9"),
    ],
)
def test_a_combination_is_read_in_any_case_and_order(text: str, spelled: str) -> None:
    keys = KeyCombination.parse(text)
    assert str(keys) == spelled
    assert KeyCombination.parse(spelled) == keys


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("F2", "without Ctrl, Alt or Meta it would be taken from all other programs"),
        ("Shift+A", "without Ctrl, Alt or Meta it would be taken from all other programs"),
        ("Ctrl+Hyper+A", "“Hyper” is none of Ctrl, Alt, Shift, Meta"),
        ("Ctrl+F13", "“F13” is none of F1 to F12, A to Z and 0 to 9"),
        ("Ctrl+", "“” is none of F1 to F12, A to Z and 0 to 9"),
    ],
)
def test_what_is_no_combination_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match="^" + reason.replace("+", r"\+") + "$"):
        KeyCombination.parse(text)


def test_every_kind_of_marker_has_keys_and_a_description() -> None:
    shortcuts, problems = shortcuts_in_force({})

    assert problems == ()
    assert {shortcut.action for shortcut in shortcuts} == set(ShortcutAction) == set(DEFAULT_KEYS)
    assert {action.marker for action in ShortcutAction} == {*MarkerKind, None}
    descriptions = {action.description for action in ShortcutAction}
    assert len(descriptions) == len(ShortcutAction)
    assert "Mark the last 20 seconds: look at this" in descriptions


def test_a_person_chooses_other_keys_or_none() -> None:
    chosen = {ShortcutAction.PAUSE: "Meta+P", ShortcutAction.MARK_LOOK: ""}
    shortcuts, problems = shortcuts_in_force(chosen)

    assert problems == ()
    keys = {shortcut.action: shortcut.keys for shortcut in shortcuts}
    assert keys[ShortcutAction.PAUSE] == KeyCombination(frozenset({Modifier.META}), "P")
    assert ShortcutAction.MARK_LOOK not in keys
    assert len(keys) == len(ShortcutAction) - 1


def test_keys_that_cannot_be_are_told_and_the_others_work() -> None:
    chosen = {ShortcutAction.PAUSE: "P", ShortcutAction.MARK_LOOK: "Ctrl+Alt+Shift+F2"}
    shortcuts, problems = shortcuts_in_force(chosen)

    assert {str(problem) for problem in problems} == {
        "“P” is no shortcut: without Ctrl, Alt or Meta it would be taken from all other programs.",
        "Ctrl+Alt+Shift+F2 is chosen twice; it does “mark_fact”.",
    }
    assert all('"shortcuts": {"' in problem.remedy for problem in problems)
    assert len(shortcuts) == len(ShortcutAction) - 2
