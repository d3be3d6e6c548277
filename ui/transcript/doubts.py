"""Finds the next place of the transcript at which a person should listen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.transcript.selection import Place, TextSelection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.transcript.model import TranscriptModel
    from ui.transcript.row import Row


def next_doubt(
    model: TranscriptModel, selection: TextSelection | None, *, back: bool = False
) -> TextSelection | None:
    """Return the unsure word, or the doubtful line, after or before what is selected.

    None if there is no other; with nothing selected, the first or the last of all.
    """
    rows = range(model.rowCount())
    here = None if selection is None else selection.focus
    if here is not None:
        rows = range(here.row, -1, -1) if back else range(here.row, model.rowCount())
    elif back:
        rows = rows[::-1]
    for number in rows:
        found = list(_doubts_of(model.row(number), number))
        for doubt in reversed(found) if back else found:
            if here is None or _lies_beyond(doubt, here, selection, back=back):
                return doubt
    return None


def _doubts_of(row: Row, number: int) -> Iterator[TextSelection]:
    if row.flag is not None:
        yield TextSelection.of_row(number)  # all of it is doubtful
        return
    for word in range(len(row.words)) if row.has_unsure else ():
        if row.is_unsure(word):
            place = Place(number, word)
            yield TextSelection(place, place, by_words=True)


def _lies_beyond(
    doubt: TextSelection, here: Place, selection: TextSelection | None, *, back: bool
) -> bool:
    if doubt.focus.row != here.row:
        return True
    if selection is None or not selection.by_words:  # the line is chosen, none of its words is
        return doubt.by_words and not back
    return doubt.focus < here if back else doubt.focus > here
