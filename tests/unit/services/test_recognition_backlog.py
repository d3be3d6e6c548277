from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from app.domain.events import RecognitionFellBehind
from app.domain.recognition_pace import RecognitionPace
from app.services.recognition_backlog import RecognitionBacklog
from tests.builders import SESSION

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.services.bus import LocalBus
    from tests.unit.services.conftest import Heard


def test_a_backlog_is_told_once_a_second(bus: LocalBus, heard: Heard) -> None:
    now = [0.0]
    backlog = RecognitionBacklog(bus, SESSION, clock=lambda: now[0])

    for tenth in range(30):
        now[0] = tenth / 10
        backlog.judge(5_000 + tenth)

    told = [event.backlog_ms for event in heard if isinstance(event, RecognitionFellBehind)]
    assert told == [5_000, 5_010, 5_020]


def test_what_is_told_comes_in_the_order_in_which_it_was_judged(bus: LocalBus) -> None:
    backlog = RecognitionBacklog(bus, SESSION)
    later = Thread(target=lambda: backlog.judge(0), name="later")
    told: list[RecognitionPace] = []

    def hear_slowly(event: Event) -> None:
        assert isinstance(event, RecognitionFellBehind)
        if not told and not later.is_alive():
            later.start()
            later.join(0.2)  # it would be done by then, if it did not have to wait
        told.append(event.pace)

    bus.subscribe(hear_slowly)
    backlog.judge(5_000)
    later.join()

    assert told == [RecognitionPace.UTTERANCES, RecognitionPace.PARTIALS]


def test_what_is_left_out_changes_only_with_the_pace(bus: LocalBus, heard: Heard) -> None:
    backlog = RecognitionBacklog(bus, SESSION)

    changes = [backlog.judge(waiting_ms) for waiting_ms in (1_000, 5_000, 5_000, 1_000, 0)]

    assert changes == [False, True, False, True, False]
    assert backlog.pace is RecognitionPace.PARTIALS
    assert heard[-1] == RecognitionFellBehind(SESSION, 1_000, RecognitionPace.PARTIALS)
