from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.timeline import EntryKind, HypothesisState
from app.domain.times import Precision
from tests.builders import a_source, an_entry, at
from ui.moments import entry_time_text
from ui.theme import Theme
from ui.timeline.delegate import play_box
from ui.timeline.model import TimelineModel
from ui.timeline.view import TimelineView

NO = Qt.KeyboardModifier.NoModifier


def texts(model: TimelineModel) -> list[str]:
    return [model.entry(number).text for number in range(model.rowCount())]


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> TimelineView:
    theme.choose(None)
    view = TimelineView(TimelineModel())
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    qtbot.waitExposed(view)
    return view


def test_it_is_a_sound_model_whatever_is_done_to_it(qtmodeltester: ModelTester) -> None:
    model = TimelineModel()
    qtmodeltester.check(model)
    entry = an_entry(occurred="14:20")
    model.replace_all([an_entry(occurred="14:21"), entry])
    model.put(an_entry(occurred="14:10"))
    model.put(replace(entry, occurred_at=at("14:30")))
    model.remove(entry.id)


def test_entries_stand_by_when_they_happened_and_move_when_re_timed() -> None:
    model = TimelineModel()
    late = an_entry("late", occurred="14:40")
    model.replace_all([late, an_entry("early", occurred="14:02")])
    model.put(an_entry("between", occurred="14:20"))
    assert texts(model) == ["early", "between", "late"]

    model.put(replace(late, occurred_at=at("14:01")))
    assert texts(model) == ["late", "early", "between"]


def test_what_is_current_follows_its_entry_and_a_removal_leaves_the_neighbour(
    view: TimelineView,
) -> None:
    entries = view.entries
    first, second, third = (an_entry(f"at {t}", occurred=t) for t in ("14:01", "14:02", "14:03"))
    entries.replace_all([first, second, third])
    view.show_entry(first.id)
    entries.put(replace(first, occurred_at=at("14:30")))
    assert view.current_entry == entries.entry(2) == replace(first, occurred_at=at("14:30"))
    assert [index.row() for index in view.selectedIndexes()] == [2]

    newcomer = an_entry("at 13:00", occurred="13:00")
    entries.replace_all([newcomer, first, second, third])  # another program has written
    assert (view.current_entry, view.currentIndex().row()) == (first, 1)
    entries.replace_all([newcomer, second, third])
    assert view.current_entry == second
    entries.remove(third.id)
    entries.remove(second.id)
    assert view.current_entry == newcomer
    assert view.selectedIndexes() == [view.currentIndex()]


def test_what_the_keys_act_on_is_seen_from_the_first_focus_on(
    view: TimelineView, qtbot: QtBot
) -> None:
    view.entries.replace_all([an_entry(occurred="14:01"), an_entry(occurred="14:02")])
    view.clearFocus()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    assert view.selectedIndexes() == [view.currentIndex()] == [view.entries.index(0)]


def test_a_row_of_another_day_than_the_one_before_it_shows_its_day(view: TimelineView) -> None:
    entries = view.entries
    entries.begin_with(at("14:03").date())
    before, day = an_entry("before", occurred=at("14:03", day=11)), an_entry(occurred="14:03")
    after = an_entry("after", occurred=at("00:10", day=13))
    last = an_entry("last", occurred=at("00:11", day=13))

    entries.replace_all([day, after, last])
    assert [entries.day_text(row) for row in range(3)] == ["", "2026-03-13", ""]
    view.viewport().grab()
    low, high = (view.visualRect(entries.index(row)).height() for row in (0, 1))
    assert high > low
    assert str(entries.index(1).data()).startswith("2026-03-13 00:10")

    entries.put(before)
    days = [entries.day_text(row) for row in range(4)]
    assert days == ["2026-03-11", "2026-03-12", "2026-03-13", ""]
    view.viewport().grab()
    heights = [view.visualRect(entries.index(row)).height() for row in range(4)]
    assert heights == [high, high, high, low]
    entries.remove(before.id)
    view.viewport().grab()
    assert view.visualRect(entries.index(0)).height() == low


def test_a_reworded_entry_keeps_its_row() -> None:
    model = TimelineModel()
    entry = an_entry("pool full", occurred="14:02")
    model.replace_all([entry])
    model.put(replace(entry, text="pool at its limit"))
    assert texts(model) == ["pool at its limit"]


def test_typing_asks_for_a_change_and_changes_nothing_itself(qtbot: QtBot) -> None:
    model = TimelineModel()
    entry = an_entry("pool full")
    model.replace_all([entry])

    with qtbot.waitSignal(model.text_edited) as asked:
        assert model.setData(model.index(0), "  pool at its limit ")

    assert asked.args == [entry.id, "pool at its limit"]
    assert texts(model) == ["pool full"]
    with qtbot.assertNotEmitted(model.text_edited):
        assert not model.setData(model.index(0), "   ")
        model.setData(model.index(0), "pool full")


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        (Precision.SECOND, "14:21:05"),
        (Precision.MINUTE, "14:21"),
        (Precision.HOUR, "14 h"),
        (Precision.APPROX, "≈ 14:21"),
    ],
)
def test_no_time_is_shown_finer_than_it_is_known(precision: Precision, shown: str) -> None:
    entry = an_entry(occurred="14:21:05", precision=precision)
    assert entry_time_text(entry) == (shown, True)


def test_where_nobody_said_when_it_is_when_it_was_said() -> None:
    assert entry_time_text(an_entry(noticed_at=at("14:46:31"))) == ("said 14:46", False)


def test_a_hypothesis_says_what_it_has_come_to(view: TimelineView) -> None:
    entry = an_entry(
        "the pool", kind=EntryKind.HYPOTHESIS, hypothesis_state=HypothesisState.DISPROVED
    )
    assert view._delegate.shown_text(entry) == "the pool (ruled out)"


def test_a_click_on_the_sign_plays_the_entry(view: TimelineView, qtbot: QtBot) -> None:
    entry = an_entry("the rollback started", sources=(a_source(),))
    view.entries.replace_all([entry])
    view.viewport().grab()
    box = play_box(view.visualRect(view.entries.index(0)))

    with qtbot.waitSignal(view.play_requested) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert asked.args == [entry]

    with qtbot.assertNotEmitted(view.play_requested):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(120, 12))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_key_that_ends_an_edit_plays_nothing(
    view: TimelineView, qtbot: QtBot, key: Qt.Key
) -> None:
    entry = an_entry("pool full", sources=(a_source(),))
    view.entries.replace_all([entry])
    view.show_entry(entry.id)
    QTest.keyClick(view, Qt.Key.Key_E)
    editor = view.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "pool at its limit")

    with qtbot.assertNotEmitted(view.play_requested), qtbot.waitSignal(view.entries.text_edited):
        QTest.keyClick(editor, key)
    with qtbot.assertNotEmitted(view.play_requested):  # nor while it is still held down
        QApplication.sendEvent(
            view, QKeyEvent(QEvent.Type.KeyPress, key, NO, "\r", autorep=True, count=1)
        )


def test_long_words_make_a_higher_row_that_shows_them_all(view: TimelineView) -> None:
    view.entries.replace_all([an_entry("short"), an_entry("a long sentence, " * 20)])
    view.viewport().grab()
    short, long = (view.visualRect(view.entries.index(row)).height() for row in (0, 1))
    assert long > 3 * short
