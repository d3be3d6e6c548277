from __future__ import annotations

from itertools import permutations

from app.domain.ids import SpeakerId
from app.domain.merged_voices import MergedVoices
from app.domain.talk_time import TalkTime, talk_times
from tests.builders import a_segment, a_speaker

ONE, TWO, THREE = (SpeakerId(f"spk-{n}") for n in (1, 2, 3))


def test_a_chain_of_merges_ends_at_its_last_voice() -> None:
    voices = MergedVoices(
        [
            a_speaker("A", id=ONE, merged_into=TWO),
            a_speaker("B", id=TWO, merged_into=THREE),
            a_speaker("C", id=THREE),
        ]
    )

    assert {voices.id_of(one) for one in (ONE, TWO, THREE)} == {THREE}
    assert [voice.id for voice in voices.shown] == [THREE]
    assert [voice.label for voice in voices.merged_into(THREE)] == ["A", "B"]


def test_two_that_two_copies_merged_into_each_other_are_one_whoever_reads() -> None:
    a = a_speaker("A", id=ONE, merged_into=TWO)
    b = a_speaker("B", id=TWO, merged_into=ONE)
    c = a_speaker("C", id=THREE, merged_into=TWO)

    for order in permutations([a, b, c]):
        voices = MergedVoices(order)
        assert {voices.id_of(one) for one in (ONE, TWO, THREE)} == {ONE}
        assert voices.shown == (a,)


def test_a_voice_merged_into_one_that_is_not_there_is_its_own() -> None:
    left = a_speaker("A", id=ONE, merged_into=SpeakerId("spk-gone"))

    voices = MergedVoices([left])

    assert voices.get(ONE) == left
    assert voices.shown == (left,)


def test_a_line_of_nobody_is_nobodys_and_an_unknown_voice_has_no_name() -> None:
    voices = MergedVoices([])

    assert voices.id_of(None) is None
    assert voices.get(None) is None
    assert voices.get(SpeakerId("spk-gone")) is None


def test_merged_voices_talk_together_and_what_loudspeakers_say_counts_once() -> None:
    voices = [a_speaker("A", id=ONE), a_speaker("B", id=TWO, merged_into=ONE)]
    lines = [
        a_segment("one", 0, 1_000, speaker_id=ONE),
        a_segment("two", 1_000, 3_500, speaker_id=TWO),
        a_segment("two", 1_000, 3_500, speaker_id=TWO, bleed=True),
        a_segment("nobody", 4_000, 5_000),
    ]

    assert talk_times(lines, voices) == {ONE: TalkTime(3_500, 2)}
