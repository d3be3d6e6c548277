"""What a redaction makes of each thing of a record."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cuts import Cut
from app.domain.encoding import from_json_values, to_json_values
from app.domain.recognitions import Recognition
from app.domain.record import Entity, entity_type
from app.domain.redaction_plan import RedactionPlan, plan_redaction
from app.domain.text_fields import NO_TEXT, with_texts
from app.domain.timeline import TimelineEntry
from app.domain.times import Span
from app.domain.transcript import RecognitionPass, Segment
from tests.builders import (
    BRIDGE,
    INCIDENT,
    ROOM,
    SESSION,
    a_marker,
    a_segment,
    a_session,
    a_source,
    a_spelled_segment,
    an_action,
    an_entry,
    doubted,
    words_of,
)
from tests.record_builders import a_message, a_suggestion, one_of_each

SAID = "we saw that the root password is tulip since noon"  # 10 words of 100 ms from 1 s on


def a_said_segment(**changes: Any) -> Segment:
    return a_segment(SAID, 1_000, 2_000, **changes)


def the_cut(first: int, last: int) -> Cut:
    return Cut(SESSION, Span(1_000 + 100 * first, 1_000 + 100 * last), BRIDGE)


def a_plan(*entities: Entity, cut: Cut | None = None, also: tuple[str, ...] = ()) -> RedactionPlan:
    states = [(entity_type(entity), to_json_values(entity)) for entity in entities]
    return plan_redaction(INCIDENT, [cut or the_cut(4, 8)], also, states)


def applied(plan: RedactionPlan, entity: Any) -> Any:
    values = plan.apply(entity_type(entity), to_json_values(entity))
    return from_json_values(type(entity), values, place="test")


def test_a_name_in_a_servers_address_is_taken_out_and_a_languages_code_stays() -> None:
    said = Recognition(RecognitionPass.FINAL, "whisper-1", "de", "tulip.example.org")
    session = replace(a_session(), recognised=(said,))

    done = applied(a_plan(a_said_segment(), also=("tulip", "de")), session)

    (kept,) = done.recognised
    assert "tulip" not in kept.host
    assert (kept.model, kept.language) == ("whisper-1", "de")


def test_the_words_in_the_stretch_become_one_mark() -> None:
    segment = a_said_segment()

    done = applied(a_plan(segment), segment)

    assert done.text == done.original_text == "we saw that the [redacted] since noon"
    assert [word.text for word in done.words] == done.text.split()
    assert (done.words[4].start_ms, done.words[4].end_ms) == (1_400, 1_800)
    assert done.redacted


def test_a_mark_is_no_word_that_somebody_should_listen_to() -> None:
    segment = doubted(a_said_segment(), {"tulip": 0.1, "since": 0.1})

    done = applied(a_plan(segment), segment)

    assert [word.text for word in done.words if word.is_unsure] == ["since"]


def test_a_spelling_of_the_glossary_goes_with_what_was_heard_in_its_place() -> None:
    segment = a_spelled_segment("so the check out api fails now", start_ms=1_000, end_ms=1_600)
    cut = Cut(SESSION, Span(1_210, 1_220), BRIDGE)  # within “check”

    done = applied(a_plan(segment, cut=cut), segment)

    assert done.text == done.original_text == "so the [redacted] fails now"
    assert [(word.text, word.heard) for word in done.words[2:3]] == [("[redacted]", ())]


@pytest.mark.parametrize("also", ["check out api", "checkout-api"])
def test_a_spelling_of_the_glossary_is_found_by_either_of_its_words(also: str) -> None:
    segment = a_spelled_segment("now the check out api fails", start_ms=50_000, end_ms=52_000)

    done = applied(a_plan(segment, also=(also,)), segment)

    assert "check" not in str(to_json_values(done))
    assert done.words[-1].text == "fails"


def test_a_correction_by_a_person_goes_with_what_was_heard() -> None:
    corrected = "We saw that the root password is Tulip9, since noon."
    segment = replace(a_said_segment(), text=corrected)

    done = applied(a_plan(segment), segment)

    assert done.text == "We saw that the [redacted] since noon."
    assert done.original_text == "we saw that the [redacted] since noon"


def test_the_other_track_heard_it_a_little_later() -> None:
    late = a_segment(
        "tulip again", 1_850, 2_300, track_id=ROOM, words=words_of("tulip x", 1_850, 2_300)
    )
    segment = a_said_segment()

    done = applied(a_plan(segment, late), late)

    assert done.text == "[redacted] again"
    assert not applied(a_plan(segment), a_segment("all well", 5_000, 6_000)).redacted


def test_a_segment_without_times_of_its_words_goes_as_a_whole() -> None:
    segment = a_said_segment(words=())

    assert applied(a_plan(segment), segment).text == "[redacted]"


def test_a_quote_of_more_than_the_stretch_keeps_the_rest() -> None:
    segment = a_said_segment()
    entry = an_entry("It was the tulip", sources=(a_source(segment),))

    done = applied(a_plan(segment, entry), entry)

    assert done.sources[0].quote == "we saw that the [redacted] since noon"
    assert done.text == "It was the [redacted]"


def test_what_rests_on_what_cites_it_loses_the_telling_words_too() -> None:
    segment = a_said_segment()
    entry = an_entry("x", sources=(a_source(segment),))
    action = an_action("Change tulip", entry_id=entry.id)
    stranger = an_action("Water the tulip")
    plan = a_plan(segment, entry, action, stranger)

    assert applied(plan, action).text == "Change [redacted]"
    assert applied(plan, stranger) == stranger


def test_a_marker_and_a_suggestion_over_the_stretch_cite_it() -> None:
    segment = a_said_segment()
    marker = a_marker(at_ms=2_000, text="tulip!")
    suggestion = a_suggestion()
    source = replace(suggestion.sources[0], ref=segment.id, quote="is tulip")
    suggestion = replace(suggestion, sources=(source,))
    plan = a_plan(segment, marker, suggestion)

    assert applied(plan, marker).text == "[redacted]!"
    assert applied(plan, suggestion).sources[0].quote == "is [redacted]"


def test_a_state_that_no_longer_cites_it_is_changed_like_the_one_that_did() -> None:
    """Or an undo would find another text than the history remembers."""
    segment = a_said_segment()
    before = an_entry("About the tulip", sources=(a_source(segment),))
    after = replace(before, sources=())

    plan = a_plan(segment, before, after)

    assert applied(plan, after).text == applied(plan, before).text == "About the [redacted]"


def test_words_of_another_pass_are_sought_as_well() -> None:
    final = a_said_segment()
    live = a_segment("route pass word is two lips9", 1_400, 1_800, made_in=RecognitionPass.LIVE)
    message = a_message("“word is two lips9”, he said")

    left = applied(a_plan(final, live, message), message).text

    assert left.endswith("[redacted]”, he said")
    assert "lips9" not in left


def test_further_words_go_from_another_incident_and_nothing_else() -> None:
    plan = a_plan(a_said_segment(), also=("Bob Miller",))
    values = to_json_values(an_entry("Bob Miller: the root password is tulip"))

    text = plan.apply("entry", values, own=False)["text"]

    assert text == "[redacted]: the root password is tulip"


@given(st.sampled_from(one_of_each()))
def test_every_kind_stays_valid_and_keeps_its_ids_times_and_kinds(entity: Entity) -> None:
    values = to_json_values(entity)

    changed = with_texts(type(entity), values, lambda _text: "[redacted]")

    again = from_json_values(type(entity), changed, place="test")
    assert again.id == entity.id
    for field in fields(entity):
        if not isinstance(getattr(entity, field.name), str | tuple) and not is_dataclass(
            getattr(entity, field.name)
        ):
            assert getattr(again, field.name) == getattr(entity, field.name)
    if isinstance(entity, TimelineEntry):
        assert entity.kind is again.kind  # type: ignore[attr-defined]


def test_the_table_of_what_is_no_text_names_fields_that_there_are() -> None:
    for kind, names in NO_TEXT.items():
        assert names <= {field.name for field in fields(kind)}, kind


@pytest.mark.parametrize("first", range(10))
@pytest.mark.parametrize("length", [1, 3, 10])
def test_nothing_of_the_chosen_words_is_left_in_the_segment(first: int, length: int) -> None:
    segment = a_said_segment()
    last = min(10, first + length)

    done = applied(a_plan(segment, cut=the_cut(first, last)), segment)

    said = SAID.split()
    assert done.text.split() == [*said[:first], "[redacted]", *said[last:]]


def test_everywhere_a_segment_of_another_incident_loses_a_phrase_over_several_words() -> None:
    plan = a_plan(a_said_segment()).everywhere()
    elsewhere = a_segment("so the root password is tulip now", 7_000, 8_000)

    values = plan.apply("segment", to_json_values(elsewhere), own=False)

    done = from_json_values(Segment, values, place="test")
    assert done.text == "so the [redacted] now"
    assert [word.text for word in done.words] == ["so", "the", "[redacted]", "now"]
    assert done.redacted


def test_what_lies_on_the_same_times_of_another_incident_is_not_cut() -> None:
    plan = a_plan(a_said_segment()).everywhere()
    values = to_json_values(a_segment("all well here", 1_000, 2_000))

    assert plan.apply("segment", values, own=False) == values
