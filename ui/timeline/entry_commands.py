"""What can be done to an entry, with the key of each; the menu is made of the same list."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.domain.mitigations import may_have_result
from app.domain.timeline import Anchor, EntryKind, HypothesisState, MitigationResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtWidgets import QWidget

    from app.domain.timeline import TimelineEntry


class EntryCommand(enum.Enum):
    """What a person wants with the current entry; the value is the key."""

    PLAY = Qt.Key.Key_Return
    EDIT = Qt.Key.Key_E
    RETIME = Qt.Key.Key_T
    CONFIRM = Qt.Key.Key_C
    DISPROVE = Qt.Key.Key_X
    REOPEN = Qt.Key.Key_O
    RESULT = Qt.Key.Key_M
    ANCHOR = Qt.Key.Key_N
    EVIDENCE = Qt.Key.Key_V
    LOOK = Qt.Key.Key_L
    REMOVE = Qt.Key.Key_Delete


COMMAND_KEYS = {command.value: command for command in EntryCommand} | {
    Qt.Key.Key_Enter: EntryCommand.PLAY,
    Qt.Key.Key_Space: EntryCommand.PLAY,
    Qt.Key.Key_Backspace: EntryCommand.REMOVE,
}
KEY_NAMES = {EntryCommand.PLAY: "Enter", EntryCommand.REMOVE: "Del"}
CLAIMS = {
    EntryCommand.CONFIRM: HypothesisState.CONFIRMED,
    EntryCommand.DISPROVE: HypothesisState.DISPROVED,
    EntryCommand.REOPEN: HypothesisState.OPEN,
}
NO_ANCHOR = ""


def fits(command: EntryCommand, entry: TimelineEntry) -> bool:
    """Whether a command can do something with an entry."""
    state = entry.hypothesis_state
    match command:
        case EntryCommand.PLAY:
            return any(source.audio is not None for source in entry.sources)
        case EntryCommand.CONFIRM | EntryCommand.DISPROVE | EntryCommand.REOPEN:
            return state is not None and state is not CLAIMS[command]
        case EntryCommand.RESULT:
            return may_have_result(entry)
        case EntryCommand.LOOK:
            return bool(entry.evidence)
        case _:
            return True


def entry_menu(
    parent: QWidget,
    entry: TimelineEntry,
    chosen: Callable[[EntryCommand], object],
    kind_chosen: Callable[[EntryKind], object],
) -> QMenu:
    """Return the menu of an entry; every action tells its key."""
    menu = QMenu(parent)
    for command, text in _texts().items():
        if command in CLAIMS and entry.kind is not EntryKind.HYPOTHESIS:
            continue
        if command in {EntryCommand.CONFIRM, EntryCommand.RESULT, EntryCommand.REMOVE}:
            menu.addSeparator()
        key = KEY_NAMES.get(command) or chr(command.value)
        _add(menu, f"{text}\t{key}", lambda one=command: chosen(one)).setEnabled(
            fits(command, entry)
        )
        if command is EntryCommand.LOOK:
            kinds = menu.addMenu(_tr("Kind"))
            for kind in EntryKind:
                name = f"{kind.value}\t{kind.letter}"
                _mark(_add(kinds, name, lambda one=kind: kind_chosen(one)), on=kind is entry.kind)
    return menu


def result_menu(
    parent: QWidget,
    entry: TimelineEntry,
    chosen: Callable[[MitigationResult | None], object],
) -> QMenu:
    """Return the menu of what a mitigation led to; a letter chooses."""
    texts = {
        MitigationResult.WORKED: _tr("&Worked"),
        MitigationResult.PARTIAL: _tr("&Partly worked"),
        MitigationResult.NO: _tr("Did &not work"),
        MitigationResult.WORSE: _tr("Made it wor&se"),
        MitigationResult.UNKNOWN: _tr("&Unknown"),
        None: _tr("No &result yet"),
    }
    return _choice(parent, texts.items(), entry.mitigation_result, chosen)


def anchor_menu(
    parent: QWidget,
    entry: TimelineEntry,
    chosen: Callable[[Anchor | None], object],
    because: Callable[[], object],
) -> QMenu:
    """Return the menu of the moments an entry can mark; a letter chooses."""
    texts: dict[Anchor | None, str] = {
        Anchor.TRIGGER: _tr("&Trigger"),
        Anchor.IMPACT_START: _tr("&Impact start"),
        Anchor.DETECTION: _tr("&Detection"),
        Anchor.DECLARED: _tr("D&eclared"),
        Anchor.TRIAGE: _tr("Tria&ge"),
        Anchor.MITIGATION_ATTEMPT: _tr("&Mitigation attempt"),
        Anchor.ROLLBACK_OR_FIX: _tr("&Rollback or fix"),
        Anchor.RECOVERY_CONFIRMED: _tr("Recovery &confirmed"),
        Anchor.MONITORING_COMPLETE: _tr("Monitoring com&plete"),
        Anchor.COMMUNICATION: _tr("C&ommunication"),
        None: _tr("&No anchor"),
    }
    menu = _choice(parent, texts.items(), entry.anchor, chosen)
    menu.addSeparator()
    reason = _add(menu, _tr("No evidence, &because…"), because)
    reason.setEnabled(entry.anchor is not None and not entry.evidence)
    return menu


def _choice(
    parent: QWidget,
    texts: Iterable[tuple[object, str]],
    standing: object,
    chosen: Callable[..., object],
) -> QMenu:
    menu = QMenu(parent)
    for value, text in texts:
        if value is None:
            menu.addSeparator()
        _mark(_add(menu, text, lambda one=value: chosen(one)), on=value is standing)
    return menu


def _add(menu: QMenu, text: str, slot: Callable[..., object]) -> QAction:
    action = QAction(text, menu)
    action.triggered.connect(lambda _checked=False: slot())
    menu.addAction(action)
    return action


def _mark(action: QAction, *, on: bool) -> None:
    action.setCheckable(True)
    action.setChecked(on)


def _texts() -> dict[EntryCommand, str]:
    return {
        EntryCommand.PLAY: _tr("Play"),
        EntryCommand.EDIT: _tr("Edit words"),
        EntryCommand.RETIME: _tr("Re-time…"),
        EntryCommand.EVIDENCE: _tr("Attach evidence…"),
        EntryCommand.LOOK: _tr("Look at evidence"),
        EntryCommand.CONFIRM: _tr("Confirm"),
        EntryCommand.DISPROVE: _tr("Rule out"),
        EntryCommand.REOPEN: _tr("Reopen"),
        EntryCommand.RESULT: _tr("Result ▸"),
        EntryCommand.ANCHOR: _tr("Anchor ▸"),
        EntryCommand.REMOVE: _tr("Remove"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("EntryCommands", text)
