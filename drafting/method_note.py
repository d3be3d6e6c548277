"""How the report came about, in figures of the record."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.domain.english_only import english_only_note
from app.domain.languages import language_name
from app.domain.merged_voices import MergedVoices
from app.domain.times import MS_PER_SECOND, clock_text
from app.domain.transcript import RecognitionPass
from app.domain.word_marks import SPELLED, UNSURE
from drafting.report import MethodNote, RecordingRow
from drafting.time_words import stamp, zone_named
from drafting.wording import counted, listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.ids import TrackId
    from app.domain.recognitions import Recognition
    from app.domain.record import Record
    from app.domain.sessions import Pause, Session, Track
    from drafting.lines import Lines
    from drafting.selection import Selection

SHOWN_GAPS = 8


def method_note(
    record: Record, lines: Lines, unheard: Mapping[TrackId, int], *, untold: Sequence[str]
) -> MethodNote:
    """Return the note; to be made once ``lines`` knows everything that is cited.

    ``unheard`` are tracks not recognised to the end, with where it stands; ``untold`` what the
    record holds nothing of.
    """
    return MethodNote(
        points=(
            ("Content", _CONTENT),
            ("Entries", _entries(record, lines.chosen)),
            *([("Not recorded", f"Nothing is recorded of {listing(untold)}.")] if untold else []),
            *_evidence(record, len(lines.index.evidence_rows())),
            ("Transcript", " ".join([_transcript(record), *_cut_off(record, unheard)])),
            *_recognised(record),
            ("Edited by people", _edited(record)),
            *_redacted(record),
            ("Voices", _voices(record)),
            ("Announced", _announced(record)),
            *_clocks(record),
            ("Times", _times(record)),
            ("Derived times", _DERIVED),
        ),
        recordings=tuple(_recordings(record)),
    )


_CONTENT = (
    "Made from what people promoted to the record or entered in it. No number, time or name was "
    "added; what is computed is the difference between two times of the record, counts and their "
    "shares, and what an error budget allows and what of it was used."
)
_CLOCKS = "Times of what was said are counted from a recording's start, so neither moves them."
_BLEED = ("room utterance is the bridge", "room utterances are the bridge")
_DERIVED = (
    "All count from impact start: impact lasted, to recovery confirmed; to detect, to detection; "
    "to declare, to declared; to mitigate, to rollback or fix; to resolve, to monitoring "
    "complete. Where several lines carry an anchor, the first beginning and the last end count. "
    "Unconfirmed hypotheses and fixes recorded as failed do not count."
)


def _entries(record: Record, selection: Selection) -> str:
    return (
        f"{len(selection.entries)} of {len(record.entries)} timeline entries are printed; "
        f"{selection.held_back} left out by a person. Entries, decisions and actions left out "
        f"because they rest on flagged transcript: {selection.untrusted}."
    )


def _evidence(record: Record, listed: int) -> list[tuple[str, str]]:
    """Say how much of it is listed; a record without evidence has no such line."""
    if not record.evidence:
        return []
    pieces = counted(len(record.evidence), "piece")
    left = " The others belong only to entries that are left out."
    words = f"{listed} of {pieces} listed under Sources."
    return [("Evidence", words + (left if listed < len(record.evidence) else ""))]


def _transcript(record: Record) -> str:
    if not record.segments:
        return "The record holds no transcript."
    passes = Counter(segment.made_in for segment in record.segments)
    flags = Counter(s.flag.value.replace("_", " ") for s in record.segments if s.flag is not None)
    kinds = ", ".join(f"{count} {flag}" for flag, count in sorted(flags.items()))
    bled = sum(segment.bleed for segment in record.segments)
    echo = f" {counted(bled, *_BLEED)} heard through loudspeakers." if bled else ""
    return (
        f"{len(record.segments)} segments recognised: "
        f"{passes[RecognitionPass.FINAL]} by the final pass, "
        f"{passes[RecognitionPass.LIVE]} by the live pass. "
        f"{flags.total()} flagged{f' ({kinds})' if kinds else ''}; flagged words are not printed."
        f"{echo}{_word_marks(record)}"
    )


def _recognised(record: Record) -> list[tuple[str, str]]:
    """Say what recognised; where audio left the machine for it, that as well."""
    told = [
        f"{session.kind.value} of {stamp(session.start_utc)}: "
        f"{'; '.join(map(_recognition, session.recognised))}."
        for session in record.sessions
        if session.recognised
    ]
    note = english_only_note(record)
    return [("Recognised by", " ".join([*told, note]).rstrip())] if told else []


def _recognition(one: Recognition) -> str:
    spoken = f", spoken {language_name(one.language)}" if one.language else ""
    where = f"{one.host}, to which audio was sent" if one.host else "this machine"
    return f"{one.made_in.value} pass by the model “{one.model}” on {where}{spoken}"


def _cut_off(record: Record, unheard: Mapping[TrackId, int]) -> list[str]:
    """Say of each track how far its words reach, where that is not its end."""
    told = []
    for track in record.tracks:
        reached_ms = unheard.get(track.id)
        if reached_ms is None:
            continue
        session = record.session(track.session_id)
        name = f"the {track.label.value} track of {session.kind.value}, {stamp(session.start_utc)}"
        if reached_ms:
            whole = clock_text(track.duration_ms or 0)
            told.append(
                f"Recognition of {name} was cut off at {clock_text(reached_ms)} of {whole}."
            )
        else:
            told.append(f"Nothing of {name} was recognised.")
    return told


def _word_marks(record: Record) -> str:
    """Count the words that bear a mark where they are quoted, and say which."""
    unsure = sum(segment.unsure_words for segment in record.segments)
    spelled = sum(bool(w.heard) for s in record.segments if not s.edited for w in s.words)
    doubts = f" {counted(unsure, 'word')} unsure, marked {UNSURE} where quoted." if unsure else ""
    mark = SPELLED.format("…")
    by = f" {counted(spelled, 'spelling')} by the team's glossary, marked {mark}."
    return doubts + (by if spelled else "")


def _edited(record: Record) -> str:
    edited = [segment for segment in record.segments if segment.edited]
    words = sum(len(segment.text.split()) for segment in record.segments)
    theirs = sum(len(segment.text.split()) for segment in edited)
    share = f", {100 * theirs / words:.0f} % of the words" if words else ""
    return (
        f"{len(edited)} of {len(record.segments)} segments stand as a person edited them{share}."
    )


def _redacted(record: Record) -> list[tuple[str, str]]:
    """Say so only where there is something: a report without redactions has no such line."""
    if not record.redactions:
        return []
    count = len(record.redactions)
    seconds = sum(redaction.span.duration_ms for redaction in record.redactions) / MS_PER_SECOND
    stretches = "1 stretch was" if count == 1 else f"{count} stretches were"
    reasons = dict.fromkeys(f"{r.by} ({r.reason})" for r in record.redactions)
    text = f"{stretches} redacted, {seconds:.1f} s in all, by {'; '.join(reasons)}."
    return [("Redacted", text)]


def _voices(record: Record) -> str:
    voices = MergedVoices(record.speakers).shown
    confirmed = sum(voice.confirmed for voice in voices)
    if not confirmed:
        return "Labelled by track: nobody has confirmed a voice."
    return f"{confirmed} of {len(voices)} voices confirmed by a person."


def _announced(record: Record) -> str:
    """Say whether those who were recorded were told so, and what was kept off the recordings."""
    told = [
        f"{session.kind.value} at {stamp(session.consent.announced_at)} by {session.consent.by} "
        f"({session.consent.method})"
        for session in record.sessions
        if session.consent is not None
    ]
    untold = len(record.sessions) - len(told)
    words = [f"The recording was announced: {'; '.join(told)}."] if told else []
    if untold:
        of = f"{untold} of {len(record.sessions)}"
        words.append(f"No announcement is stamped on {of} recordings.")
    pauses = [pause for session in record.sessions for pause in session.pauses]
    if pauses:
        words.append(f"Paused: {', '.join(map(_pause, pauses[:SHOWN_GAPS]))}.")
    if len(pauses) > SHOWN_GAPS:
        words.append(f"{len(pauses) - SHOWN_GAPS} more pauses.")
    return " ".join(words) or "There is no recording."


def _pause(pause: Pause) -> str:
    end = "the end" if pause.end_ms is None else clock_text(pause.end_ms)
    by = f" by {pause.by}" if pause.by else ""
    return f"{clock_text(pause.start_ms)}\N{EN DASH}{end}{by}"


def _clocks(record: Record) -> list[tuple[str, str]]:
    """Say how the machine's clock behaved; recordings on which it did well have no such line."""
    told = [
        f"{session.kind.value} of {stamp(session.start_utc)}: {event.words}."
        for session in record.sessions
        for event in session.clock_events[:SHOWN_GAPS]
    ]
    more = sum(len(session.clock_events[SHOWN_GAPS:]) for session in record.sessions)
    if more:
        told.append(f"{counted(more, 'more such event')}.")
    return [("Machine's clock", " ".join([*told, _CLOCKS]))] if told else []


def _times(record: Record) -> str:
    name = record.incident.display_timezone
    beside = ""
    if zone_named(name) is not None:
        beside = f"; {name} beside it"
    elif name != "UTC":
        beside = f"; the zone “{name}” is not known on this machine, so no local time is shown"
    return (
        f"UTC{beside}. Never finer than they are known: ≈ is approximate, HH:xx means only the "
        "hour is known. “Said” is when somebody spoke of it, not when it happened. "
        "A hypothesis was ruled out when a person marked it so."
    )


def _recordings(record: Record) -> list[RecordingRow]:
    return [
        _recording(session, track)
        for session in record.sessions
        for track in record.tracks_of(session.id)
    ]


def _recording(session: Session, track: Track) -> RecordingRow:
    gaps = [gap for gap in session.gaps if gap.track_id == track.id]
    words = [
        f"{clock_text(gap.start_ms)}\N{EN DASH}{clock_text(gap.end_ms)} "
        f"{gap.reason.value.replace('_', ' ')}"
        for gap in gaps[:SHOWN_GAPS]
    ]
    if len(gaps) > SHOWN_GAPS:
        rest = sum(gap.end_ms - gap.start_ms for gap in gaps[SHOWN_GAPS:])
        words.append(f"{len(gaps) - SHOWN_GAPS} more, together {clock_text(rest)}")
    return RecordingRow(
        session=session.kind.value,
        started=stamp(session.start_utc),
        track=track.label.value,
        source=f"{track.source.value}: {track.device}",
        length=clock_text(track.duration_ms) if track.duration_ms is not None else "not ended",
        gaps=tuple(words),
    )
