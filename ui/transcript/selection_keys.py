"""What keys do to the selection in the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from ui.transcript.selection import TextSelection

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

Key = Qt.Key


def after_key(
    event: QKeyEvent,
    selection: TextSelection | None,
    *,
    row_count: int,
    words_in: Callable[[int], int],
    page_rows: int,
    start_row: int,
) -> TextSelection | None:
    """Return the selection that a key leads to; None if it is no key of the selection's.

    With nothing selected, such a key selects the row where reading starts; Home and End the ends.
    """
    steps = {
        Key.Key_Up: -1,
        Key.Key_Down: 1,
        Key.Key_PageUp: -page_rows,
        Key.Key_PageDown: page_rows,
        Key.Key_Home: -row_count,
        Key.Key_End: row_count,
    }
    letters = {Key.Key_Left: -1, Key.Key_Right: 1}
    key = Key(event.key())
    if row_count == 0 or (key not in steps and key not in letters):
        return None
    if selection is None:
        ends = {Key.Key_Home: 0, Key.Key_End: row_count - 1}
        return TextSelection.of_row(ends.get(key, start_row))
    extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if key in steps:
        return selection.moved_by_rows(steps[key], row_count, extend=extend)
    return selection.moved_by_words(letters[key], row_count, words_in, extend=extend)
