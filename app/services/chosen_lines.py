"""Lines and words of the transcript that a person chose, to say whose they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError
from app.domain.merged_voices import MergedVoices
from app.domain.record import Change
from app.domain.segment_parts import can_be_divided, given_to
from app.services.promotion import Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import SegmentId, SpeakerId
    from app.domain.record import Record
    from app.domain.transcript import Segment


def chosen_lines(record: Record, selection: Sequence[Selection]) -> list[Segment]:
    """Return each line of which anything is chosen, once.

    Raises:
        InvalidRecordError: Nothing is chosen, or it is no longer in the transcript.
    """
    if not selection:
        raise InvalidRecordError("selection", "no words are selected", remedy="Select some.")
    wanted = {chosen.segment_id for chosen in selection}
    found = [line for line in record.segments if line.id in wanted]
    for missing in wanted - {line.id for line in found}:
        raise InvalidRecordError(
            f"line {missing}",
            "it is no longer in the transcript",
            remedy="The transcript was made anew, or its id is wrong: choose the words again.",
        )
    return found


def lines_from(record: Record, segment_id: SegmentId) -> list[Selection]:
    """Return what the voice of a line says in its session, from that line on.

    Raises:
        InvalidRecordError: The line is no longer in the transcript.
    """
    voices = MergedVoices(record.speakers)
    (first,) = chosen_lines(record, [Selection(segment_id)])
    whose = voices.id_of(first.speaker_id)
    return [
        Selection(line.id)
        for line in record.segments
        if line.session_id == first.session_id
        and line.start_ms >= first.start_ms
        and voices.id_of(line.speaker_id) == whose
    ]


def changes_giving(
    record: Record, selection: Sequence[Selection], voice: SpeakerId
) -> list[Change]:
    """Return what changes where these words are said to be a voice's.

    A line of which some words are chosen is divided; one that is the voice's already stays whole.

    Raises:
        InvalidRecordError: Nothing is chosen, it is no longer in the transcript, or some words of
            a line are, of which a person has rewritten the text.
    """
    voices = MergedVoices(record.speakers)
    changes: list[Change] = []
    of_line: dict[SegmentId, list[Selection]] = {}
    for chosen in selection:
        of_line.setdefault(chosen.segment_id, []).append(chosen)
    for line in chosen_lines(record, selection):
        words = _words(line, of_line[line.id])
        if voices.id_of(line.speaker_id) == voice:
            parts = [replace(line, speaker_by_person=True)]
        else:
            parts = given_to(line, voice, words)
        changes.append(Change(line, parts[0]))
        changes += [Change(None, part) for part in parts[1:]]
    return changes


def _words(line: Segment, selection: Sequence[Selection]) -> set[int]:
    """Return the numbers of a line's chosen words."""
    everywhere = set(range(len(line.words)))
    words: set[int] = set()
    for chosen in selection:
        first, last = chosen.first_word, chosen.last_word
        if first is None or last is None:
            return everywhere
        if not can_be_divided(line):
            raise InvalidRecordError(
                f"line {line.id}",
                "its words were rewritten, so they have no times of their own",
                remedy="Choose the whole line.",
            )
        words |= set(range(first, last + 1))
    if not words or not words <= everywhere:
        raise InvalidRecordError(
            f"line {line.id}", "it has no such words", remedy="Select the words again."
        )
    return words
