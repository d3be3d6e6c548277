"""Voices told apart one utterance after the other; they sound as directions in a plane do."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import SegmentId, SpeakerId
from app.domain.voice_clusters import LONE_AFTER, VoiceClusters
from app.domain.voice_vectors import Vector, likeness, middle_of, vector_of

SAME_ABOVE = math.cos(math.radians(20))


def towards(degrees: float) -> Vector:
    vector = vector_of([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    assert vector is not None
    return vector


@dataclass
class Track:
    """A track under way; each line is called by its number, from 1 on."""

    clusters: VoiceClusters = field(init=False)
    labels: dict[str, str] = field(default_factory=dict)
    lines: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    most: int = 12

    def __post_init__(self) -> None:
        names = (SpeakerId(letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        self.clusters = VoiceClusters(SAME_ABOVE, lambda: next(names), most=self.most)

    def hear(self, degrees: float, seconds: float = 4.0) -> str | None:
        line = SegmentId(str(next(self.lines)))
        self.labels |= self.clusters.hear(line, towards(degrees), int(seconds * 1_000))
        return self.labels.get(line)

    def place(self, voice: str, degrees: float, seconds: float = 4.0) -> None:
        line = SegmentId(str(next(self.lines)))
        self.clusters.place(line, SpeakerId(voice), towards(degrees), int(seconds * 1_000))


def test_what_sounds_alike_is_one_voice_and_what_does_not_another() -> None:
    track = Track()

    assert [track.hear(degrees) for degrees in (0, 90, 5, 95, -5, 180)] == list("ABABAC")


def test_a_short_utterance_takes_the_nearest_voice() -> None:
    track = Track()
    track.hear(0)
    track.hear(90)

    assert track.hear(25, seconds=0.6) == "A"


def test_a_short_utterance_that_is_like_nobody_waits_for_its_voice() -> None:
    track = Track()
    track.hear(0)

    assert track.hear(90, seconds=0.6) is None
    track.hear(92)
    assert track.labels["2"] == "B"


def test_a_short_utterance_changes_no_voice() -> None:
    track = Track()
    track.hear(0, seconds=2)
    for _ in range(50):
        track.hear(25, seconds=0.9)

    assert track.hear(-18) == "A"


def test_a_few_words_make_a_voice_only_where_there_is_none() -> None:
    track = Track()

    assert track.hear(0, seconds=1.5) == "A"
    assert track.hear(30, seconds=1.5) == "A"
    assert track.hear(70, seconds=1.5) is None
    assert track.hear(70) == "B"
    assert track.labels["3"] == "B"


def test_two_voices_that_turn_out_to_be_one_become_one_and_earlier_lines_follow() -> None:
    track = Track()
    track.hear(0, seconds=8)
    assert track.hear(24) == "B"
    track.hear(12)
    track.hear(12)

    assert set(track.labels.values()) == {"A"}


def test_a_single_line_that_is_nearly_like_a_voice_becomes_its_after_a_while() -> None:
    track = Track()
    track.hear(0)
    assert track.hear(30) == "B"
    for _ in range(LONE_AFTER - 1):
        track.hear(0)
    assert track.labels["2"] == "B", "somebody may go on"
    track.hear(0)

    assert track.labels["2"] == "A"


def test_a_single_line_that_is_like_nobody_stays_its_own_voice() -> None:
    track = Track()
    track.hear(0)
    track.hear(90)
    for _ in range(2 * LONE_AFTER):
        track.hear(0)

    assert track.labels["2"] == "B"


def test_a_single_line_of_somebody_whom_people_know_stays_theirs() -> None:
    track = Track()
    track.place("Priya", 30)
    track.clusters.keep_apart([SpeakerId("Priya")])
    for _ in range(2 * LONE_AFTER):
        track.hear(0)

    assert track.hear(35) == "Priya"


def test_what_people_know_as_two_stays_two_however_alike() -> None:
    track = Track()
    track.place("Priya", 0)
    track.place("Marcus", 10)
    track.clusters.keep_apart([SpeakerId("Priya"), SpeakerId("Marcus")])

    assert track.hear(-5) == "Priya"
    assert track.hear(15) == "Marcus"


def test_a_voice_nobody_knows_goes_into_the_one_that_people_know() -> None:
    track = Track()
    track.hear(24, seconds=8)  # heavier than what people know
    track.place("Priya", 0, seconds=2)
    track.clusters.keep_apart([SpeakerId("Priya")])
    track.hear(14)
    track.hear(10)

    assert set(track.labels.values()) == {"Priya"}


def test_a_voice_that_people_joined_from_two_stays_joined() -> None:
    track = Track()
    track.place("Priya", 0)
    track.place("Priya", 90)

    assert [track.hear(degrees) for degrees in (3, 88, 180)] == ["Priya", "Priya", "A"]


def test_there_are_never_more_voices_than_may_be() -> None:
    track = Track(most=2)

    assert [track.hear(degrees) for degrees in (0, 90, 170)] == list("ABB")


@given(
    st.lists(
        st.tuples(st.floats(0, 360), st.floats(0.1, 20), st.sampled_from([None, "P", "Q"])),
        max_size=30,
    )
)
def test_a_placed_line_never_moves_to_another_voice_that_people_know(
    lines: list[tuple[float, float, str | None]],
) -> None:
    track = Track()
    track.clusters.keep_apart([SpeakerId("P"), SpeakerId("Q")])
    placed: dict[str, str] = {}
    for degrees, seconds, voice in lines:
        if voice is None:
            track.hear(degrees, seconds)
        else:
            track.place(voice, degrees, seconds)
            placed[str(next(track.lines) - 1)] = voice
        assert not placed.keys() & track.labels.keys()


def test_vectors_have_length_one_and_zeros_are_none() -> None:
    one = vector_of([3.0, 4.0])
    assert one is not None
    assert math.isclose(likeness(one, one), 1, rel_tol=1e-6)
    assert vector_of([0.0, 0.0]) is None


def test_the_middle_is_nearer_to_what_weighs_more() -> None:
    middle = middle_of([(towards(0), 3.0), (towards(90), 1.0)])

    assert middle is not None
    assert likeness(middle, towards(0)) > likeness(middle, towards(45)) > 0.8
    assert middle_of([]) is None
