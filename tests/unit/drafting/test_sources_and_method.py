from dataclasses import replace

from app.domain.ids import SessionId
from app.domain.sessions import Pause, SessionKind, TrackLabel
from app.domain.timeline import (
    SourceType,
)
from app.domain.transcript import RecognitionPass
from drafting.outline import outline
from tests.builders import (
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
