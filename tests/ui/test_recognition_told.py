"""What the window says of what recognises: a server, the language, how sure it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.events import LanguageDetected
from app.domain.transcript import Word
from tests.builders import SESSION
from tests.ui.fakes import FakeProgram, a_program, on_a_thread
from tests.ui.rows import a_row
from ui.transcript.tool_tip import row_tip

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.ui.conftest import FakeClock, Workplace

LEAVES = "Audio leaves this machine for asr.example.org."


@pytest.fixture
def program(tmp_path: Path, clock: FakeClock) -> FakeProgram:
    program = a_program(tmp_path / "home", clock)
    program.model_note = LEAVES
    return program


def test_that_audio_leaves_stands_above_the_transcript(workplace: Workplace) -> None:
    note = workplace.window.transcript.note

    assert note.text() == f"! {LEAVES}"
    assert not note.isHidden()


def test_the_language_that_is_heard_is_told(qtbot: QtBot, workplace: Workplace) -> None:
    heard = LanguageDetected(SESSION, "de", settled=True)

    on_a_thread(lambda: workplace.program.bus.publish(heard))

    message = workplace.window.status.message
    qtbot.waitUntil(lambda: message.text().startswith("The spoken language is German."))


def test_a_word_of_which_the_server_said_nothing_is_not_called_unsure() -> None:
    words = (Word("rolling", 0, 400, None), Word("back", 400, 800, 0.2))
    row = a_row("rolling back", words=words)

    assert [row.is_unsure(word) for word in (0, 1)] == [False, True]
    assert "20 %" in row_tip(row, 1)
    assert "unsure" not in row_tip(row, 0)
