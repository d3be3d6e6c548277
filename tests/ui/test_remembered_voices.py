"""Remembered voices at the window: real ciphers and files; voices sound as the fakes say."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.ids import IncidentId, SpeakerId
from app.domain.record import Change
from app.domain.transcript import Speaker
from tests import keyrings
from tests.ui.conftest import Workplace
from tests.ui.fakes import a_running_session, put_segments, put_session
from tests.ui.test_journey import focused, press
from ui.voices.form import VoicesForm

pytestmark = pytest.mark.usefixtures("ring")
PRIYA, UNKNOWN = SpeakerId("spk-1"), SpeakerId("spk-2")


@pytest.fixture
def incident(qtbot: QtBot, workplace: Workplace) -> IncidentId:
    """Two lines of Priya's and two of a voice that nobody has named, who is Priya as well."""
    program = workplace.program
    incident = program.incidents.create("Checkout errors")
    session, tracks = a_running_session(incident.id)
    tracks = tuple(replace(track, duration_ms=200_000) for track in tracks)
    put_session(program.store, session, tracks)
    for speaker_id, name, from_ms in ((PRIYA, "Priya", 0), (UNKNOWN, None, 60_000)):
        speaker = Speaker(
            speaker_id, incident.id, f"Room {speaker_id}", name=name, confirmed=bool(name)
        )
        changes = [Change(None, speaker)]
        for line in put_segments(
            program.store, tracks[0], "the release is out", "roll it back", from_ms=from_ms
        ):
            long = replace(line, end_ms=line.start_ms + 4_000, speaker_id=speaker_id)
            changes.append(Change(line, long))
        program.store.commit(incident.id, changes, by="test", label="speak", undoable=False)
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(workplace.window.transcript.voices_button.isEnabled)
    return incident.id


@pytest.fixture
def form(workplace: Workplace, incident: IncidentId) -> VoicesForm:
    assert incident
    return workplace.window.voices


def rows(form: VoicesForm) -> list[str]:
    return [form.list.item(number).text() for number in range(form.list.count())]


def opened(qtbot: QtBot, workplace: Workplace, *, on: bool = True) -> VoicesForm:
    workplace.program.voice_prints.switch(on=on)
    press(
        qtbot,
        Qt.Key.Key_V,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    form = workplace.window.voices
    qtbot.waitUntil(lambda: form.isVisible() and form.state.text() != "Looking…")
    return form


def test_it_is_off_says_what_would_be_kept_and_is_switched_on_by_a_key(
    qtbot: QtBot, workplace: Workplace, form: VoicesForm
) -> None:
    opened(qtbot, workplace, on=False)
    assert not form.switch.isChecked()
    assert "biometric" in form.told.text()
    assert rows(form) == []
    assert focused() is form.switch

    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: rows(form) == ["+  Priya, a voice of this incident"])
    assert workplace.program.voice_prints.is_on
    assert not workplace.program.voice_prints.keeps_any, "switching on keeps nothing"


def test_a_voice_is_remembered_suggested_accepted_and_forgotten_by_keys(
    qtbot: QtBot, workplace: Workplace, form: VoicesForm, incident: IncidentId
) -> None:
    opened(qtbot, workplace)
    form.list.setFocus()
    assert form.button.text() == "Remember Priya"
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.list.count() == 2)

    suggested, kept = rows(form)
    assert suggested == "?  Room spk-2 may be Priya (1.00)."
    assert kept.startswith("●  Priya is remembered from 8 s of speech")
    record = workplace.program.store.record(incident)
    assert record.speaker_name(UNKNOWN) == "Room spk-2", "nothing is named by itself"

    form.list.setCurrentRow(0)
    assert form.button.text() == "It is Priya"
    form.button.click()
    qtbot.waitUntil(
        lambda: workplace.program.store.record(incident).speaker_name(UNKNOWN) == "Priya"
    )
    assert workplace.program.editing.undo(incident) is not None, "a person's step, as any"

    form.forget_all_button.click()
    qtbot.waitUntil(lambda: not workplace.program.voice_prints.keeps_any)
    press(qtbot, Qt.Key.Key_Escape)
    assert form.isHidden()
    assert focused() is workplace.window.transcript.view


def test_one_remembered_voice_is_forgotten(
    qtbot: QtBot, workplace: Workplace, form: VoicesForm, incident: IncidentId
) -> None:
    workplace.program.voice_prints.switch(on=True)
    workplace.program.voice_prints.remember(incident, PRIYA)
    opened(qtbot, workplace, on=False)
    qtbot.waitUntil(lambda: form.list.count() == 1)
    assert form.button.text() == "Forget Priya"
    form.button.click()

    qtbot.waitUntil(lambda: not workplace.program.voice_prints.keeps_any)


def test_without_a_keyring_a_passphrase_is_chosen_and_asked_for(
    qtbot: QtBot, workplace: Workplace, form: VoicesForm
) -> None:
    with keyrings.in_use(None):
        opened(qtbot, workplace)
        form.button.click()
        qtbot.waitUntil(form.passphrase.isVisible)
        assert "Choose one" in form.state.text()
        assert form.passphrase.echoMode() == form.passphrase.EchoMode.Password
        qtbot.keyClicks(form.passphrase, "open sesame")
        press(qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: workplace.program.voice_prints.keeps_any)
        form.close_form()

        workplace.program.voice_prints.unlock("guess")
        opened(qtbot, workplace)
        qtbot.waitUntil(form.passphrase.isVisible)
        assert "not the passphrase" in form.state.text()
        assert form.passphrase.text() == ""
        qtbot.keyClicks(form.passphrase, "open sesame")
        press(qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: any("is remembered" in row for row in rows(form)))


def test_too_little_speech_is_told_where_one_looks(
    qtbot: QtBot, workplace: Workplace, form: VoicesForm, incident: IncidentId
) -> None:
    store = workplace.program.store
    lines = [line for line in store.record(incident).segments if line.speaker_id == PRIYA]
    short = [Change(line, replace(line, end_ms=line.start_ms + 800)) for line in lines]
    store.commit(incident, short, by="test", label="shorten", undoable=False)
    opened(qtbot, workplace)
    form.button.click()

    qtbot.waitUntil(lambda: "Too little is clearly Priya's" in form.state.text())
    assert workplace.notices == []
