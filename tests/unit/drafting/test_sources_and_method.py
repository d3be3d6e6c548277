from dataclasses import replace

from app.domain.ids import SessionId
from app.domain.recognitions import Recognition
from app.domain.segment_parts import given_to
from app.domain.sessions import ClockEvent, ClockEventKind, Pause, SessionKind, TrackLabel
from app.domain.timeline import (
    SourceType,
)
from app.domain.transcript import RecognitionPass
from drafting.outline import outline
from tests.builders import (
    ROOM,
    a_gap,
    a_segment,
    a_session,
    a_source,
    a_speaker,
    a_track,
    an_action,
    an_entry,
)
from tests.record_builders import a_consented_session, a_redaction
from tests.unit.drafting.checkout import OPTIONS, the_checkout_record
from tests.unit.drafting.outlined import method, report_of


def test_a_source_tells_track_stretch_clock_speaker_and_who_cites_it() -> None:
    report = outline(the_checkout_record(), OPTIONS)
    line = next(row for row in report.timeline if row.text == "The rollback started at 14:21.")
    source = next(s for s in report.sources if s.ref == line.sources[0])
    assert source.track == TrackLabel.BRIDGE.value
    assert (source.span, source.clock) == ("0:01:17.0–0:01:19.8", "14:47:17 UTC")  # noqa: RUF001
    assert source.speaker == "operations lead (Tom)"
    assert source.quote == "The rollback started at 14:21."
    assert source.cited_by == (line.ref,)


def test_the_same_words_are_one_source_however_often_they_are_cited() -> None:
    source = a_source()
    report = report_of(
        an_entry("a", occurred="14:00", sources=(source,)),
        an_entry("b", occurred="14:01", sources=(source, source)),
        actions=(an_action("c", sources=(source,)),),
    )
    assert [s.cited_by for s in report.sources] == [("T1", "T2", "A1")]
    assert report.actions[0].sources == ("S1",)


def test_a_voice_nobody_confirmed_is_shown_as_such() -> None:
    speaker = a_speaker("SPEAKER_03")
    segment = a_segment(speaker_id=speaker.id)
    report = report_of(
        an_entry(sources=(a_source(segment),)), segments=(segment,), speakers=(speaker,)
    )
    assert report.sources[0].speaker == "SPEAKER_03, not confirmed"
    assert method(report)["Voices"] == "Labelled by track: nobody has confirmed a voice."


def test_a_later_pass_still_tells_who_spoke() -> None:
    speaker = a_speaker(name="Tom", confirmed=True)
    old, new = a_segment(), a_segment(speaker_id=speaker.id)
    report = report_of(an_entry(sources=(a_source(old),)), segments=(new,), speakers=(speaker,))
    assert report.sources[0].speaker == "Tom"


def test_a_marker_without_words_is_cited_by_its_place() -> None:
    source = a_source(type=SourceType.MARKER, quote="", segment_ids=())
    report = report_of(an_entry(sources=(source,)))
    assert report.sources[0].quote == ""
    assert not report.sources[0].withheld


def test_the_method_note_counts_passes_edits_flags_and_gaps() -> None:
    report = outline(the_checkout_record(), OPTIONS)
    notes = method(report)
    assert (
        "41 segments recognised: 41 by the final pass, 0 by the live pass" in notes["Transcript"]
    )
    assert "1 flagged (1 silence suspect)" in notes["Transcript"]
    assert notes["Edited by people"].startswith("1 of 41 segments")
    assert notes["Voices"] == "4 of 5 voices confirmed by a person."
    bridge = next(row for row in report.method.recordings if row.track == "bridge")
    assert bridge.gaps == ("0:00:12.0–0:00:15.0 device lost",)  # noqa: RUF001


def test_many_gaps_are_summed_up() -> None:
    gaps = tuple(a_gap(start_ms=n * 10_000, end_ms=n * 10_000 + 1_000) for n in range(20))
    report = report_of(sessions=(a_session(gaps=gaps),))
    bridge = next(row for row in report.method.recordings if row.track == "bridge")
    assert len(bridge.gaps) == 9
    assert bridge.gaps[-1] == "12 more, together 0:00:12.0"


def test_a_recording_that_goes_on_has_no_length() -> None:
    session = a_session(kind=SessionKind.ROOM)
    report = report_of(sessions=(session,), tracks=(a_track(duration_ms=None),))
    assert report.method.recordings[0].length == "not ended"


def test_live_segments_are_counted_as_such() -> None:
    report = report_of(segments=(a_segment(made_in=RecognitionPass.LIVE),))
    assert "0 by the final pass, 1 by the live pass" in method(report)["Transcript"]


def test_a_track_that_was_not_recognised_to_its_end_is_told_with_how_far() -> None:
    tracks = (a_track(duration_ms=3_600_000), a_track(TrackLabel.ROOM))
    record = replace(the_checkout_record(), tracks=tracks, sessions=(a_session(),))
    cut_off = replace(OPTIONS, unheard={tracks[0].id: 720_000, tracks[1].id: 0})

    words = method(outline(record, cut_off))["Transcript"]

    assert "cut off at 0:12:00.0 of 1:00:00.0." in words
    assert words.endswith("was recognised.")
    assert "Nothing of the room track of bridge" in words
    assert "cut off" not in method(outline(record, OPTIONS))["Transcript"]


def test_redactions_are_summed_up_and_say_who_and_why() -> None:
    redactions = (a_redaction(), a_redaction(start_ms=5_000, end_ms=5_500))
    notes = method(report_of(redactions=redactions))
    assert notes["Redacted"] == (
        "2 stretches were redacted, 2.5 s in all, by Priya (a password was said)."
    )
    assert "Redacted" not in method(report_of())


def test_the_note_says_who_announced_the_recording_or_that_nobody_did() -> None:
    silent = a_session(id=SessionId("ses-silent"))
    pauses = (Pause(1_000, 2_000, "Tom"), Pause(9_000))
    paused = replace(a_consented_session(), pauses=pauses)

    assert method(report_of(sessions=(silent,)))["Announced"] == (
        "No announcement is stamped on 1 of 1 recordings."
    )
    assert method(report_of(sessions=(paused, silent)))["Announced"] == (
        "The recording was announced: bridge at 2026-03-12 14:46 UTC by Marcus "
        "(said aloud). "
        "No announcement is stamped on 1 of 2 recordings. "
        "Paused: 0:00:01.0–0:00:02.0 by Tom, 0:00:09.0–the end."  # noqa: RUF001  as printed
    )


def test_the_note_says_how_the_machines_clock_behaved_only_where_it_did_not_run_through() -> None:
    events = (
        ClockEvent(ClockEventKind.STEPPED, 61_000, -3_600_000),
        ClockEvent(ClockEventKind.SLEPT, 125_000, 40_000),
    )
    notes = method(report_of(sessions=(a_session(clock_events=events),)))

    assert notes["Machine's clock"] == (
        "bridge of 2026-03-12 14:46 UTC: the machine's clock was set by -3,600.0 s at 0:01:01.0. "
        "bridge of 2026-03-12 14:46 UTC: the machine slept for 40.0 s until 0:02:05.0. "
        "Times of what was said are counted from a recording's start, so neither moves them."
    )
    many = a_session(clock_events=events * 5)
    assert " 2 more such events. " in method(report_of(sessions=(many,)))["Machine's clock"]
    assert "Machine's clock" not in method(report_of(sessions=(a_session(),)))


def test_the_note_says_what_recognised_and_whether_audio_was_sent_away_for_it() -> None:
    here = Recognition(RecognitionPass.LIVE, "small", "en")
    away = Recognition(RecognitionPass.FINAL, "whisper-1", "en", "asr.example.org")
    unknown = Recognition(RecognitionPass.FINAL, "small")

    told = method(report_of(sessions=(a_session(recognised=(here, away)),)))["Recognised by"]
    assert told == (
        "bridge of 2026-03-12 14:46 UTC: live pass by the model “small” on this machine, spoken "
        "English; final pass by the model “whisper-1” on asr.example.org, to which audio was "
        "sent, spoken English."
    )
    plain = method(report_of(sessions=(a_session(recognised=(unknown,)),)))["Recognised by"]
    assert plain.endswith("on this machine.")
    assert "Recognised by" not in method(report_of(sessions=(a_session(),)))


def test_the_note_counts_what_the_room_heard_from_loudspeakers() -> None:
    one, other = a_segment(bleed=True, track_id=ROOM), a_segment(bleed=True, track_id=ROOM)
    said = a_segment()

    assert method(report_of(segments=(one, said)))["Transcript"].endswith(
        "1 room utterance is the bridge heard through loudspeakers."
    )
    assert method(report_of(segments=(one, other, said)))["Transcript"].endswith(
        "2 room utterances are the bridge heard through loudspeakers."
    )
    assert "loudspeakers" not in method(report_of(segments=(said,)))["Transcript"]


def test_what_loudspeakers_said_is_quoted_and_is_no_voice_of_the_room() -> None:
    speaker = a_speaker(name="Priya", confirmed=True)
    bled = a_segment(track_id=ROOM, speaker_id=speaker.id, bleed=True)
    entry = an_entry(sources=(a_source(bled),))
    (source,) = report_of(entry, segments=(bled,), speakers=(speaker,)).sources
    own = replace(bled, bleed=False)
    (corrected,) = report_of(entry, segments=(own,), speakers=(speaker,)).sources

    assert source.quote == bled.text
    assert source.speaker == "the bridge, through the room's loudspeakers"
    assert corrected.speaker == "Priya"


def test_a_quote_of_a_line_that_was_divided_names_each_who_says_a_part_of_it() -> None:
    tom, maya = (a_speaker(name=name, confirmed=True) for name in ("Tom", "Maya"))
    whole = a_segment("We roll back now", 0, 4_000, speaker_id=tom.id)
    parts = given_to(whole, maya.id, {2, 3})
    quotes = [a_source(whole), a_source(whole, start_ms=2_000, end_ms=4_000, quote="back now")]
    report = report_of(
        *(an_entry(quote.quote, sources=(quote,)) for quote in quotes),
        segments=tuple(parts),
        speakers=(tom, maya),
    )
    assert [source.speaker for source in report.sources] == ["Tom, Maya", "Maya"]


def test_a_merged_voice_is_printed_and_counted_as_the_one_it_is() -> None:
    tom = a_speaker(name="Tom", confirmed=True)
    other = a_speaker("SPEAKER_07", merged_into=tom.id)
    segment = a_segment(speaker_id=other.id)
    report = report_of(
        an_entry(sources=(a_source(segment),)), segments=(segment,), speakers=(tom, other)
    )
    assert report.sources[0].speaker == "Tom"
    assert method(report)["Voices"] == "1 of 1 voices confirmed by a person."
