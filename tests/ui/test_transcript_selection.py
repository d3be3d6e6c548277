import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont

from ui.transcript.heights import RowHeights
from ui.transcript.layout import TextMeasure
from ui.transcript.selection import Place, TextSelection

COUNTS = [3, 1, 5]


def words_in(row: int) -> int:
    return COUNTS[row]


def test_a_row_is_selected_whole() -> None:
    selection = TextSelection.of_row(1)
    assert [selection.words_of(row, words_in(row)) for row in range(3)] == [None, (0, 0), None]


def test_words_across_rows_begin_and_end_where_they_were_dragged() -> None:
    forwards = TextSelection(Place(0, 1), Place(2, 3), by_words=True)
    backwards = TextSelection(Place(2, 3), Place(0, 1), by_words=True)

    for selection in (forwards, backwards):
        chosen = [selection.words_of(row, words_in(row)) for row in range(3)]
        assert chosen == [(1, 2), (0, 0), (0, 3)]


def test_shift_extends_rows_from_where_the_selection_began() -> None:
    selection = TextSelection.of_row(1).moved_by_rows(1, 3, extend=True)
    assert list(selection.rows) == [1, 2]
    assert list(selection.moved_by_rows(-2, 3, extend=True).rows) == [0, 1]
    assert list(selection.moved_by_rows(9, 3, extend=False).rows) == [2]


def test_an_arrow_right_enters_the_row_and_goes_on_into_the_next() -> None:
    selection = TextSelection.of_row(0)
    places = []
    for _ in range(5):
        selection = selection.moved_by_words(1, 3, words_in, extend=False)
        places.append((selection.focus.row, selection.focus.word))
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0)]


def test_words_stay_selected_when_rows_come_in_before_them() -> None:
    selection = TextSelection(Place(1, 2), Place(2, 0), by_words=True)
    moved = selection.after_insertion(1, 4)
    assert (moved.anchor, moved.focus) == (Place(5, 2), Place(6, 0))
    assert selection.after_insertion(3, 4) == selection


@given(
    st.lists(st.integers(20, 90), max_size=30),
    st.lists(st.tuples(st.integers(0, 40), st.lists(st.integers(20, 90), min_size=1, max_size=4))),
)
def test_heights_put_in_anywhere_are_as_if_laid_out_anew(
    first: list[int], insertions: list[tuple[int, list[int]]]
) -> None:
    heights = RowHeights()
    heights.replace_all(first)
    plain = list(first)
    for place, new in insertions:
        row = min(place, len(plain))
        heights.insert(row, new)
        plain[row:row] = new

    assert [heights.height(row) for row in range(len(heights))] == plain
    assert heights.total == sum(plain)
    for row in range(len(plain)):
        assert heights.row_at(heights.top(row)) == row
        assert heights.row_at(heights.top(row) + heights.height(row) - 1) == row


def test_an_empty_list_has_no_row_anywhere() -> None:
    assert RowHeights().row_at(0) == -1


@pytest.mark.usefixtures("qapp")
def test_a_row_is_as_high_as_its_words_placed_at_that_width() -> None:
    measure = TextMeasure(QFont())
    sentence = "the connection pool of the checkout service is at its limit again"
    words = sentence.split()
    for available in (80, 160, 320, 2_000):
        lines = measure.place(words, available)[-1].line + 1
        padding = measure.row_height((), available) - measure.line_height
        assert measure.row_height(words, available) == lines * measure.line_height + padding
