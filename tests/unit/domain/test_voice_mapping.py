from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.engine_types import SpeakerTurn
from app.domain.ids import TrackId
from app.domain.times import Span
from app.domain.voice_mapping import map_voices

ROOM, BRIDGE = TrackId("trk-room"), TrackId("trk-bridge")


def turns(*told: tuple[str, int, int], track_id: TrackId = ROOM) -> list[SpeakerTurn]:
    return [SpeakerTurn(track_id, Span(start, end), label) for label, start, end in told]


def test_voices_are_those_that_said_the_same_for_longest() -> None:
    before = turns(("priya", 0, 10_000), ("marcus", 10_000, 30_000))
    now = turns(("1", 0, 9_000), ("2", 9_000, 29_500))

    assert map_voices(before, now) == {"1": "priya", "2": "marcus"}


def test_a_voice_that_is_now_two_is_the_one_that_says_more_and_the_other_is_new() -> None:
    before = turns(("priya", 0, 10_000))
    now = turns(("1", 0, 4_000), ("2", 4_000, 10_000))

    assert map_voices(before, now) == {"2": "priya"}


def test_of_two_voices_that_are_now_one_the_named_one_stays() -> None:
    before = turns(("Room 1", 0, 10_000), ("priya", 10_000, 16_000))
    now = turns(("1", 0, 16_000))

    assert map_voices(before, now) == {"1": "Room 1"}
    assert map_voices(before, now, named={"priya"}) == {"1": "priya"}


def test_a_word_that_was_labelled_wrongly_names_nobody() -> None:
    before = turns(("priya", 0, 1_000), ("Room 2", 1_000, 60_000), ("priya", 90_000, 120_000))
    now = turns(("1", 0, 60_000))

    assert map_voices(before, now, named={"priya"}) == {"1": "Room 2"}


def test_a_person_on_both_tracks_is_found_on_both() -> None:
    before = turns(("priya", 0, 5_000)) + turns(("priya", 9_000, 12_000), track_id=BRIDGE)
    now = turns(("room 1", 0, 5_000)) + turns(("bridge 1", 9_000, 12_000), track_id=BRIDGE)

    assert map_voices(before, now) == {"room 1": "priya", "bridge 1": "priya"}


def test_a_voice_of_two_sessions_is_not_given_to_another_voice_of_either() -> None:
    before = turns(("priya", 0, 5_000)) + turns(("priya", 0, 9_000), track_id=BRIDGE)
    now = turns(("1", 0, 5_000)) + turns(("1", 0, 6_000), ("2", 6_000, 9_000), track_id=BRIDGE)

    assert map_voices(before, now) == {"1": "priya"}


def test_what_was_said_elsewhere_says_nothing() -> None:
    before = turns(("priya", 0, 5_000), track_id=BRIDGE)
    later = turns(("priya", 5_000, 9_000))

    assert map_voices(before + later, turns(("1", 0, 5_000))) == {}


@st.composite
def labelled_track(draw: st.DrawFn, labels: str) -> list[SpeakerTurn]:
    lengths = draw(st.lists(st.integers(1, 5_000), max_size=12))
    at_ms, told = 0, []
    for length in lengths:
        told.append((draw(st.sampled_from(labels)), at_ms, at_ms + length))
        at_ms += length + draw(st.integers(0, 500))
    return turns(*told, track_id=draw(st.sampled_from((ROOM, BRIDGE))))


@given(labelled_track("abc"), labelled_track("xyz"), st.sets(st.sampled_from("abc")))
def test_no_two_voices_of_a_track_become_one(
    before: list[SpeakerTurn], now: list[SpeakerTurn], named: set[str]
) -> None:
    mapping = map_voices(before, now, named=named)

    assert len(set(mapping.values())) == len(mapping)
    assert set(mapping) <= {turn.label for turn in now}
    assert set(mapping.values()) <= {turn.label for turn in before}


@given(labelled_track("abc"), st.permutations("xyz"))
def test_the_same_turns_under_other_labels_are_the_same_voices(
    before: list[SpeakerTurn], labels: list[str]
) -> None:
    renamed = dict(zip("abc", labels, strict=True))
    now = [SpeakerTurn(t.track_id, t.span, renamed[t.label]) for t in before]

    assert map_voices(before, now) == {renamed[t.label]: t.label for t in before}
