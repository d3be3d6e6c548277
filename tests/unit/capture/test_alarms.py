"""When alarms begin and end, by made-up clocks."""

from dataclasses import replace

from app.domain.alarms import Alarm, AlarmKind, NoticePace
from app.domain.engine_types import AudioSource
from app.domain.sessions import GapReason, TrackLabel, TrackSource
from capture.disk_alarms import DiskAlarms
from capture.signal_alarms import SECOND_NS, SignalAlarms, SignalFacts

MIC = AudioSource("mic", "USB mic", TrackSource.MIC, 48_000)
SPARE = AudioSource("spare", "Built-in", TrackSource.MIC, 48_000)
SPEAKERS = AudioSource("out", "Monitor of Headset", TrackSource.LOOPBACK, 48_000)
WELL = SignalFacts(TrackLabel.ROOM, MIC, MIC, None, 0, 0)


def kinds(alarms: SignalAlarms, facts: SignalFacts, at_s: float) -> list[AlarmKind]:
    return [alarm.kind for alarm in alarms.update(facts, int(at_s * SECOND_NS))]


def test_a_device_that_delivers_nothing_is_told_until_it_has_delivered_for_two_seconds() -> None:
    alarms = SignalAlarms()
    assert kinds(alarms, WELL, 1) == []
    assert kinds(alarms, replace(WELL, missing=GapReason.STALL), 2) == [AlarmKind.NO_SIGNAL]
    assert kinds(alarms, replace(WELL, sounded_ns=3 * SECOND_NS), 3) == [AlarmKind.NO_SIGNAL]
    assert kinds(alarms, replace(WELL, missing=GapReason.STALL), 4) == [AlarmKind.NO_SIGNAL]
    assert kinds(alarms, replace(WELL, sounded_ns=5 * SECOND_NS), 5) == [AlarmKind.NO_SIGNAL]
    assert kinds(alarms, replace(WELL, sounded_ns=7 * SECOND_NS), 7.1) == []


def test_a_lost_device_stays_told_of_while_its_fallback_is_heard() -> None:
    alarms = SignalAlarms()
    lost = replace(WELL, missing=GapReason.DEVICE_LOST)
    assert kinds(alarms, lost, 1) == [AlarmKind.DEVICE_LOST]
    on_spare = replace(WELL, heard=SPARE, sounded_ns=99 * SECOND_NS)
    assert kinds(alarms, on_spare, 99) == [AlarmKind.DEVICE_LOST]
    assert kinds(alarms, replace(on_spare, heard=MIC, sounded_ns=101 * SECOND_NS), 101) == []
    assert kinds(alarms, replace(on_spare, follows_default=True), 102) == []


def test_zeros_are_told_of_a_microphone_and_not_of_loudspeakers_that_are_silent() -> None:
    alarms = SignalAlarms()
    assert kinds(alarms, WELL, 4.9) == []
    assert kinds(alarms, WELL, 5) == [AlarmKind.ZEROS]
    assert kinds(alarms, replace(WELL, sounded_ns=6 * SECOND_NS), 6) == []
    assert kinds(SignalAlarms(), replace(WELL, planned=SPEAKERS, heard=SPEAKERS), 60) == []


def test_clipping_is_told_when_it_is_no_accident_and_ends_ten_seconds_after_the_last() -> None:
    alarms = SignalAlarms()

    def at(second: float, clipped: int) -> list[AlarmKind]:
        facts = replace(WELL, sounded_ns=int(second * SECOND_NS), clipped_blocks=clipped)
        return kinds(alarms, facts, second)

    assert at(1, 1) == []
    assert at(8, 2) == []
    assert at(9, 3) == []
    assert at(10, 4) == [AlarmKind.CLIPPING]
    assert at(19, 4) == [AlarmKind.CLIPPING]
    assert at(20.5, 4) == []


def test_the_disk_is_told_at_2_gb_at_15_minutes_and_when_full_and_does_not_flicker() -> None:
    disk = DiskAlarms(tracks=2)
    quarter = 15 * 60 * 2 * 32_000

    def at(free: int | None, *, is_full: bool = False) -> AlarmKind | None:
        alarm = disk.update(free, is_full=is_full)
        return None if alarm is None else alarm.kind

    assert at(2_000_000_000) is None
    assert at(1_999_999_999) is AlarmKind.LOW_DISK
    assert at(2_050_000_000) is AlarmKind.LOW_DISK
    assert at(2_200_000_000) is None
    assert at(quarter) is AlarmKind.LOW_DISK
    assert at(quarter - 1) is AlarmKind.DISK_ENDING
    assert at(0, is_full=True) is AlarmKind.DISK_FULL
    assert at(quarter + 1) is AlarmKind.DISK_ENDING
    assert at(2 * quarter) is AlarmKind.LOW_DISK
    assert at(None) is AlarmKind.LOW_DISK
    assert at(3_000_000_000) is None


def test_the_same_is_told_once_a_minute_and_what_is_urgent_always_has_room() -> None:
    pace = NoticePace()

    def an_alarm(kind: AlarmKind, label: TrackLabel | None = None) -> Alarm:
        return Alarm(kind, "It is so.", "Do this.", label)

    clipping = an_alarm(AlarmKind.CLIPPING, TrackLabel.ROOM)
    assert pace.allows(clipping, 0)
    assert not pace.allows(clipping, 59)
    others = [
        an_alarm(AlarmKind.CLIPPING, TrackLabel.BRIDGE),
        an_alarm(AlarmKind.LOW_DISK),
        an_alarm(AlarmKind.NOBODY_SPEAKS),
        an_alarm(AlarmKind.ENERGY_WITHOUT_SPEECH),
    ]
    assert [pace.allows(alarm, 1) for alarm in others] == [True, True, True, False]
    assert pace.allows(an_alarm(AlarmKind.DISK_FULL), 1)
    assert pace.allows(clipping, 61)
