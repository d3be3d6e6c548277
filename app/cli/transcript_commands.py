"""Commands on the transcript: transcribe, diarize."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.context import CommandContext
from app.domain.encoding import to_json_values
from app.domain.engine_types import SpeakerCount
from app.domain.errors import InvalidRecordError
from app.domain.ids import IncidentId
from app.domain.languages import refuse_language
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from app.domain.word_marks import doubted_text

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("transcribe")(transcribe)
    app.command("diarize")(diarize)


def transcribe(
    context: typer.Context,
    incident: Incident,
    *,
    model: Annotated[
        str,
        typer.Option(help="A model of this machine, whatever is set; see “hotwash models list”."),
    ] = "",
    language: Annotated[
        str, typer.Option(help="What is spoken, such as en or de; detected where it is not set.")
    ] = "",
    made_in: Annotated[
        RecognitionPass, typer.Option("--pass", help="Which pass the words count as.")
    ] = RecognitionPass.FINAL,
    anew: Annotated[
        bool, typer.Option("--anew", help="From the beginning, even if it was cut off before.")
    ] = False,
) -> None:
    """Recognise everything that is recorded, anew, or go on where that was cut off.

    Words a person has corrected stay.
    """
    work: CommandContext = context.obj
    _refuse_language(language)
    incident_id = work.incident(incident)
    work.say_what_recognises(wanted=not model)
    with work.showing_progress():
        work.program.transcription.run(
            incident_id, model=model, language=language, made_in=made_in, anew=anew
        )
    _report(work, incident_id)
    _say_why_by_track(work)


def diarize(
    context: typer.Context,
    incident: Incident,
    *,
    voices: Annotated[
        str,
        typer.Option(
            "--speakers",
            metavar="N|MIN-MAX",
            help="How many voices there are on each side, or as room=3,bridge=2-5.",
        ),
    ] = "",
    draft: Annotated[
        bool, typer.Option("--draft", help="Sooner and less exact; the labels say so.")
    ] = False,
) -> None:
    """Tell the voices apart; without a pipeline they stay labelled by track.

    Names that people gave stay with the voices.
    """
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    with work.showing_progress():
        work.program.speakers.run(incident_id, speakers=speaker_counts(voices), is_draft=draft)
    _report(work, incident_id)
    _say_why_by_track(work)
    if draft and work.program.speakers.unavailable is None:
        work.output.note(
            f"These are draft labels. “hotwash diarize {incident}” makes better ones."
        )


def _refuse_language(language: str) -> None:
    try:
        refuse_language(language)
    except ValueError as cause:
        raise InvalidRecordError("--language", str(cause)) from cause


def speaker_counts(text: str) -> dict[TrackLabel, SpeakerCount]:
    """Return how many voices each side has, of ``3``, ``2-5`` or ``room=3,bridge=2-5``.

    Raises:
        InvalidRecordError: It is none of these.
    """
    if not text:
        return {}
    if "=" not in text:
        return dict.fromkeys(TrackLabel, _count(text))
    counts: dict[TrackLabel, SpeakerCount] = {}
    for part in text.split(","):
        side, _, number = part.partition("=")
        if side.strip() not in set(TrackLabel):
            raise InvalidRecordError(
                "--speakers", f"“{part}” names no side", remedy="Write room=3,bridge=2-5."
            )
        counts[TrackLabel(side.strip())] = _count(number.strip())
    return counts


def _count(text: str) -> SpeakerCount:
    least, dash, most = text.partition("-")
    try:
        low = int(least)
        high = int(most) if dash else low
    except ValueError:
        low, high = 0, 0
    if not 1 <= low <= high:
        raise InvalidRecordError(
            "--speakers", f"“{text}” is no number of voices", remedy="Write 5, or 3-6."
        )
    return low, high


def _report(work: CommandContext, incident_id: IncidentId) -> None:
    record = work.program.incidents.record(incident_id)
    work.output.document(
        {
            "segments": len(record.segments),
            "flagged": sum(segment.flag is not None for segment in record.segments),
            "speakers": [to_json_values(voice) for voice in record.speakers],
            "bleed": sum(segment.bleed for segment in record.segments),
            "unsure_words": sum(segment.unsure_words for segment in record.segments),
            "spelled": sum(segment.respelled for segment in record.segments),
        }
    )
    for segment in record.segments:
        at = record.utc(segment.session_id, segment.start_ms)
        who = record.speaker_name(segment.speaker_id)
        bleed = "  (the bridge, through loudspeakers)" if segment.bleed else ""
        work.output.say(f"{at:%H:%M:%S} {who:<7} {doubted_text(segment)}{bleed}")


def _say_why_by_track(work: CommandContext) -> None:
    unavailable = work.program.speakers.unavailable
    if unavailable is not None:
        work.output.note(f"Voices are labelled by track. {unavailable} {unavailable.remedy}")
