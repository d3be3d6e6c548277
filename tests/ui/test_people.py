from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from app.domain.events import SegmentsTranscribed
from app.domain.ids import SegmentId
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.talk_time import NO_TALK
from app.domain.transcript import RecognitionPass
from tests.builders import a_segment, a_speaker
from tests.ui.fakes import a_running_session, put_session
from ui.people.model import Column, VoiceRow
from ui.people.panel import PeoplePanel
from ui.transcript.row import TranscriptRow
from ui.transcript.selection import Place, TextSelection

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.domain.ids import IncidentId
    from tests.ui.conftest import Workplace
    from ui.transcript.view import TranscriptView

KEY = Qt.Key
# Said of every menu by the platform that shows nothing
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@dataclass
class Room:
    """An incident on screen in which two voices talk, and the tools to say who they are."""

    place: Workplace
    incident_id: IncidentId
    qtbot: QtBot

    @property
    def view(self) -> TranscriptView:
        return self.place.window.transcript.view

    @property
    def panel(self) -> PeoplePanel:
        return self.place.window.transcript.people

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Who says what, as the transcript shows it."""
        rows = self.place.window.transcript.model.rows()
        return [
            (row.speaker, " ".join(row.words)) for row in rows if isinstance(row, TranscriptRow)
        ]

    @property
    def names(self) -> list[str]:
        model = self.panel.model
        return [model.row(number).voice.shown_as for number in range(model.rowCount())]

    def until(self, *shown: tuple[str, str]) -> None:
        self.qtbot.waitUntil(lambda: self.shown == list(shown))

    def line(self, number: int) -> None:
        self.view.setFocus()
        self.view.select(TextSelection.of_row(number))

    def words(self, row: int, first: int, last: int) -> None:
        self.view.setFocus()
        self.view.select(TextSelection(Place(row, first), Place(row, last), by_words=True))

    def press(self, key: Qt.Key, *, shift: bool = False) -> None:
        """Press a key where the focus is."""
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.place.window.focusWidget(), key, modifier)

    def type(self, text: str) -> None:
        """Type into the line that has opened, and press Enter."""
        line = self.place.window.focusWidget()
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, KEY.Key_Return)


@pytest.fixture
def room(qtbot: QtBot, workplace: Workplace) -> Room:
    program = workplace.program
    incident = program.incidents.create("Checkout errors")
    session, tracks = a_running_session(incident.id)
    put_session(program.store, session, tracks)
    tom, maya = (
        a_speaker(f"Bridge {x}", incident_id=incident.id, track_label=TrackLabel.BRIDGE)
        for x in "AB"
    )
    program.store.commit(
        incident.id,
        [Change(None, tom), Change(None, maya)],
        by="hotwash",
        label="tell voices apart",
        undoable=False,
    )
    lines = [
        a_segment(text, 4_000 * n, 4_000 * n + 3_000, session_id=session.id, track_id=tracks[1].id,
                  speaker_id=(tom, maya, tom)[n].id)
        for n, text in enumerate(["we roll back", "yes please", "errors are down"])
    ]  # fmt: skip
    program.store.add_segments(tracks[1].id, lines, made_in=RecognitionPass.LIVE, cursor_ms=12_000)
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: workplace.window.transcript.model.rowCount() == 3)
    return Room(workplace, incident.id, qtbot)


def test_w_names_the_voice_of_a_line_in_place_and_goes_back_to_the_line(room: Room) -> None:
    room.line(1)
    room.press(KEY.Key_W)
    room.type("Maya")

    room.until(
        ("Bridge A", "we roll back"), ("Maya", "yes please"), ("Bridge A", "errors are down")
    )
    assert room.view.hasFocus()
    assert room.names == ["Bridge A", "Maya"]

    room.place.window.record.tools.undo_button.click()
    room.qtbot.waitUntil(lambda: room.names == ["Bridge A", "Bridge B"])


def test_escape_leaves_the_name_as_it_was(room: Room) -> None:
    room.line(0)
    room.press(KEY.Key_W)
    QTest.keyClicks(room.place.window.focusWidget(), "Nob")
    room.press(KEY.Key_Escape)

    assert room.view.hasFocus()
    steps = room.place.program.store.record(room.incident_id).operations
    assert [step.label for step in steps if step.by != "hotwash"][-1] == "begin a session"


def test_a_number_gives_the_selected_words_to_a_voice(room: Room) -> None:
    room.words(0, 1, 2)
    room.press(KEY.Key_2)

    room.until(
        ("Bridge A", "we"),
        ("Bridge B", "roll back"),
        ("Bridge B", "yes please"),
        ("Bridge A", "errors are down"),
    )


def test_nought_makes_a_new_voice_and_shift_w_one_from_there_on(room: Room) -> None:
    room.line(2)
    room.press(KEY.Key_0)
    room.qtbot.waitUntil(lambda: room.shown[2][0] == "Bridge A (2)")
    room.place.window.record.tools.undo_button.click()
    room.qtbot.waitUntil(lambda: room.shown[2][0] == "Bridge A")

    room.line(2)
    room.press(KEY.Key_W, shift=True)

    room.qtbot.waitUntil(lambda: [who for who, _ in room.shown][2] == "Bridge A (2)")
    assert room.shown[0][0] == "Bridge A"


def test_the_panel_merges_by_keys_and_takes_apart_again(room: Room) -> None:
    room.place.window.transcript.people_button.click()
    assert room.panel.table.hasFocus()
    room.press(KEY.Key_Down)
    room.press(KEY.Key_M)
    (menu,) = room.panel.findChildren(QMenu)
    QTest.keyClick(menu, KEY.Key_1)

    room.qtbot.waitUntil(lambda: {who for who, _ in room.shown} == {"Bridge A"})
    room.qtbot.waitUntil(lambda: room.names == ["Bridge A"])
    assert room.panel.model.row(0).label == "Bridge A + Bridge B"
    assert room.panel.model.row(0).speaks == "0:09"

    room.panel.table.setFocus()
    room.press(KEY.Key_U)
    room.qtbot.waitUntil(lambda: room.names == ["Bridge A", "Bridge B"])


def test_a_name_that_another_voice_has_offers_to_merge_the_two(room: Room) -> None:
    room.line(0)
    room.press(KEY.Key_W)
    room.type("Tom")
    room.qtbot.waitUntil(lambda: room.names == ["Tom", "Bridge B"])
    room.line(1)
    room.press(KEY.Key_W)
    room.type("tom")

    room.qtbot.waitUntil(room.panel.same_button.isVisible)
    assert "another voice is called that" in room.panel.complaint.text()
    room.panel.same_button.click()

    room.qtbot.waitUntil(lambda: {who for who, _ in room.shown} == {"Tom"})
    assert not room.panel.complaint.isVisible()


def test_space_plays_what_tells_whose_a_voice_is(room: Room) -> None:
    room.place.window.transcript.people_button.click()
    room.press(KEY.Key_Space)

    room.qtbot.waitUntil(lambda: len(room.place.output.played) == 1)
    asked = [(start, end) for _track, start, end in room.place.program.clips.asked]
    assert asked == [(0, 3_000), (8_000, 11_000)]


def test_a_role_is_typed_and_stands_beside_the_name(room: Room) -> None:
    room.place.window.transcript.people_button.click()
    room.press(KEY.Key_R)
    room.type("scribe")

    room.qtbot.waitUntil(lambda: room.shown[0][0] == "Bridge A (scribe)")


def test_escape_closes_the_panel_and_a_screen_reader_hears_the_voice(room: Room) -> None:
    room.place.window.transcript.people_button.click()
    told = room.panel.table.accessibleDescription()
    assert told == "no name, Bridge A, role none, speaks 0:06, 2 lines"
    assert room.panel.model.headerData(Column.NAME, Qt.Orientation.Horizontal) == "Name"

    room.press(KEY.Key_Escape)

    assert not room.panel.isVisible()
    assert room.view.hasFocus()


def test_a_name_is_typed_to_its_end_while_people_go_on_talking(room: Room) -> None:
    room.line(0)
    room.press(KEY.Key_W)
    line = room.place.window.focusWidget()
    QTest.keyClicks(line, "To")
    program, (first, *_rest) = room.place.program, room.place.window.transcript.model.rows()
    assert isinstance(first, TranscriptRow)
    new = replace(first.segment, id=SegmentId("seg-new"), start_ms=20_000, end_ms=25_000)
    program.store.add_segments(new.track_id, [new], made_in=RecognitionPass.LIVE, cursor_ms=25_000)
    program.bus.publish(SegmentsTranscribed(room.incident_id, new.track_id, (new,)))
    room.qtbot.waitUntil(lambda: len(room.shown) == 4)
    room.place.desk.naming._refresh()

    assert room.place.window.focusWidget() is line
    QTest.keyClicks(line, "m")
    QTest.keyClick(line, KEY.Key_Return)

    room.qtbot.waitUntil(lambda: room.names == ["Tom", "Bridge B"])
    room.qtbot.waitUntil(lambda: room.panel.model.row(0).talk.lines == 3)


def test_in_the_menu_of_voices_an_ampersand_is_no_key_and_from_the_tenth_on_there_is_none(
    qtbot: QtBot,
) -> None:
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    tom, team, ana = (
        VoiceRow(a_speaker(name=name), NO_TALK, (), sign)
        for name, sign in (("Tom", "1"), ("R&D", "2"), ("Ana", ""))
    )
    panel.show_voices([tom, team, ana], ())

    panel.open_merge_menu(tom.voice.id)

    (menu,) = panel.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["&2  R&&D", "  Ana"]
    menu.close()
