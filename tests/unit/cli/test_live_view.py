"""What `record` shows of words that are not final, and of words that come late."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from app.cli import live_view
from app.cli.live_view import LiveView
from app.cli.output import Output
from app.domain.events import (
    PartialHeard,
    RecognitionFellBehind,
    SegmentsTranscribed,
    VoicesHeard,
)
from app.domain.ids import SegmentId, SpeakerId
from app.domain.recognition_pace import RecognitionPace
from app.domain.transcript import Speaker
from app.services.bus import LocalBus
from tests.builders import BRIDGE, INCIDENT, ROOM, SESSION, a_record, a_segment, a_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.record import Record
    from app.services.program import Program


class Terminal:
    """Keeps what stands below, each time that it is painted."""

    def __init__(self) -> None:
        self.ends: list[list[str]] = []

    def show_end(self, lines: Sequence[str]) -> None:
        self.ends.append(list(lines))


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus()


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def live() -> SimpleNamespace:
    return SimpleNamespace(backlog_ms=0)


@pytest.fixture
def live_voices() -> SimpleNamespace:
    return SimpleNamespace(working=False)


@pytest.fixture
def kept() -> list[Record]:
    """What is on record; the last counts."""
    return [a_record()]


@pytest.fixture
def view(
    bus: LocalBus,
    terminal: Terminal,
    live: SimpleNamespace,
    live_voices: SimpleNamespace,
    kept: list[Record],
) -> LiveView:
    program: Any = SimpleNamespace(
        bus=bus,
        incidents=SimpleNamespace(record=lambda _incident_id: kept[-1]),
        live=live,
        live_voices=live_voices,
        model_note="",
        changed_elsewhere=lambda: False,
    )
    view = LiveView(
        Output(as_json=False), cast("Program", program), INCIDENT, show_end=terminal.show_end
    )
    view.begin(a_session())
    return view


def test_what_is_being_said_stands_below_until_its_line_comes(
    view: LiveView, bus: LocalBus, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    for text in ("we are", "we are declaring"):
        bus.publish(PartialHeard(INCIDENT, SESSION, BRIDGE, 1_000, text))
        view.show_news()
    bus.publish(PartialHeard(INCIDENT, SESSION, ROOM, 2_000, "yes"))
    view.show_news()
    bus.publish(PartialHeard(INCIDENT, SESSION, BRIDGE, 0, ""))
    bus.publish(SegmentsTranscribed(INCIDENT, BRIDGE, ()))
    view.show_news()
    view.show_news()

    assert terminal.ends == [
        ["bridge: we are …"],
        ["bridge: we are declaring …"],
        ["bridge: we are declaring …", "room: yes …"],
        ["room: yes …"],
    ]
    assert capsys.readouterr().out == "", "nothing of it is printed for good"


def test_how_much_waits_stands_below_and_catching_up_is_said_once(
    view: LiveView,
    bus: LocalBus,
    terminal: Terminal,
    live: SimpleNamespace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for backlog_ms, pace in (
        (5_000, RecognitionPace.UTTERANCES),
        (17_000, RecognitionPace.CATCHING_UP),
        (19_000, RecognitionPace.CATCHING_UP),
        (7_000, RecognitionPace.LONGER_STEPS),
        (1_000, RecognitionPace.PARTIALS),
    ):
        live.backlog_ms = backlog_ms
        bus.publish(RecognitionFellBehind(SESSION, backlog_ms, pace))
        view.show_news()

    assert terminal.ends == [
        ["5 s of audio wait"],
        ["17 s of audio wait"],
        ["19 s of audio wait"],
        ["7 s of audio wait"],
        [],
    ]
    notes = " ".join(capsys.readouterr().err.split())
    assert notes.count("Catching up: 17 s of audio wait") == 1
    assert notes.endswith("Words come in time again.")


def test_nothing_waits_for_words_that_were_given_up(
    view: LiveView,
    bus: LocalBus,
    terminal: Terminal,
    live: SimpleNamespace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    live.backlog_ms = 17_000
    bus.publish(RecognitionFellBehind(SESSION, 17_000, RecognitionPace.CATCHING_UP))
    view.show_news()
    live.backlog_ms = 0
    view.show_news()

    assert terminal.ends == [["17 s of audio wait"], []]
    assert "in time again" not in capsys.readouterr().err


FRESH = a_segment(id=SegmentId("seg-fresh"))
PRIYA = Speaker(SpeakerId("spk-2"), INCIDENT, "Bridge 2", name="Priya")


def with_fresh_line(kept: list[Record], speaker: Speaker | None = None) -> None:
    record = kept[0]
    line = replace(FRESH, speaker_id=speaker.id if speaker else None)
    speakers = (*record.speakers, PRIYA)
    kept.append(replace(record, segments=(*record.segments, line), speakers=speakers))


def test_a_line_waits_a_moment_for_its_voice(
    view: LiveView,
    bus: LocalBus,
    live_voices: SimpleNamespace,
    kept: list[Record],
    capsys: pytest.CaptureFixture[str],
) -> None:
    live_voices.working = True
    with_fresh_line(kept)
    capsys.readouterr()
    bus.publish(SegmentsTranscribed(INCIDENT, BRIDGE, (FRESH,)))
    view.show_news()
    assert capsys.readouterr().out == ""

    with_fresh_line(kept, PRIYA)
    bus.publish(VoicesHeard(INCIDENT, {FRESH.id: PRIYA.id}))
    view.show_news()
    assert capsys.readouterr().out.count("Priya") == 1

    view.show_news(all_of_it=True)
    assert capsys.readouterr().out == "", "and it is printed once"


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_view, "VOICE_WITHIN_S", 0.0)


@pytest.mark.usefixtures("no_patience")
def test_a_line_whose_voice_does_not_come_is_printed_all_the_same(
    view: LiveView,
    bus: LocalBus,
    live_voices: SimpleNamespace,
    kept: list[Record],
    capsys: pytest.CaptureFixture[str],
) -> None:
    live_voices.working = True
    with_fresh_line(kept)
    bus.publish(SegmentsTranscribed(INCIDENT, BRIDGE, (FRESH,)))
    view.show_news()

    assert FRESH.text in capsys.readouterr().out


def test_without_anybody_who_listens_to_voices_no_line_waits(
    view: LiveView, bus: LocalBus, kept: list[Record], capsys: pytest.CaptureFixture[str]
) -> None:
    with_fresh_line(kept)
    capsys.readouterr()
    bus.publish(SegmentsTranscribed(INCIDENT, BRIDGE, (FRESH,)))
    view.show_news()

    assert FRESH.text in capsys.readouterr().out
