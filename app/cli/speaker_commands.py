"""The command speakers: who speaks, and for how long; who it is said to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.audio_files.format import FRAME_BYTES
from app.audio_files.wav import wav_header
from app.cli.context import CommandContext
from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import IncidentId, SegmentId, SpeakerId
from app.domain.merged_voices import MergedVoices
from app.domain.roles import same_person
from app.domain.talk_time import NO_TALK, talk_times, voices_of_note
from app.domain.times import clock_text
from app.domain.typed_cut import selection_of
from app.services.promotion import Selection
from drafting.atomic_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.cli.output import Output
    from app.domain.record import Operation, Record
    from app.domain.transcript import Speaker
    from app.domain.voice_samples import VoiceSample

Spans = Annotated[
    list[str] | None, typer.Option(metavar="SPAN", help="SEGMENT, or its words SEGMENT[3:5].")
]

HEADS = ("label", "name", "role", "speaks", "lines", "is also", "id")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("speakers")(speakers)


def speakers(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")],
    *,
    rename: Annotated[
        str, typer.Option(metavar="A=B", help="Voice A (id, label or name) is B.")
    ] = "",
    role: Annotated[
        str, typer.Option(metavar="A=ROLE", help="A's role, such as scribe or IC; none: A=.")
    ] = "",
    merge: Annotated[
        str, typer.Option(metavar="A,B", help="A is the same person as B, and counts as B.")
    ] = "",
    unmerge: Annotated[
        str, typer.Option(metavar="A", help="Merged voice A is a person of its own again.")
    ] = "",
    give: Spans = None,
    to: Annotated[str, typer.Option(metavar="A", help="Whose the words of --give are.")] = "",
    split: Spans = None,
    split_from: Annotated[
        str, typer.Option(metavar="SEGMENT", help="From this line on, its voice is a new person.")
    ] = "",
    name: Annotated[str, typer.Option(help="Who the person is that is split off.")] = "",
    samples: Annotated[
        str, typer.Option(metavar="A", help="Who is this? Write clips of voice A into --out.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="A folder that exists.")] = None,
) -> None:
    """List the voices, or say who one is: rename, merge, split, give lines; listen to one."""
    work: CommandContext = context.obj
    desk = _Desk(work, work.incident(incident))
    wishes: dict[str, tuple[object, Callable[[], Operation | None]]] = {
        "--rename": (rename, lambda: desk.rename(rename)),
        "--role": (role, lambda: desk.set_role(role)),
        "--merge": (merge, lambda: desk.merge(merge)),
        "--unmerge": (unmerge, lambda: desk.unmerge(unmerge)),
        "--give": (give or to, lambda: desk.give(give or [], to)),
        "--split": (split, lambda: desk.split(split or [], name)),
        "--split-from": (split_from, lambda: desk.split_from(split_from, name)),
        "--samples": (samples, lambda: desk.write_samples(samples, out)),
    }
    asked = [option for option, (given, _do) in wishes.items() if given]
    _refuse_unclear(asked, name)
    desk.show(wishes[asked[0]][1]() if asked else None)


def _refuse_unclear(asked: list[str], name: str) -> None:
    if len(asked) > 1:
        raise InvalidRecordError(
            " and ".join(asked), "one at a time", remedy="Run the command once for each."
        )
    if name and asked not in (["--split"], ["--split-from"]):
        raise InvalidRecordError(
            "--name", "nobody is split off", remedy="To name a voice, write --rename A=B."
        )


@dataclass(slots=True)
class _Desk:
    """What is asked of an incident's voices, as it was typed."""

    work: CommandContext
    incident_id: IncidentId
    clips: tuple[tuple[VoiceSample, Path], ...] = ()

    def rename(self, typed: str) -> Operation | None:
        voice, name = _pair("--rename", typed, "=")
        return self.work.program.people.rename(self.incident_id, self._voice(voice), name)

    def set_role(self, typed: str) -> Operation | None:
        voice, role = _pair("--role", typed, "=")
        return self.work.program.people.set_role(self.incident_id, self._voice(voice), role)

    def merge(self, typed: str) -> Operation | None:
        voice, into = (self._voice(one) for one in _pair("--merge", typed, ","))
        return self.work.program.people.merge(self.incident_id, voice, into)

    def unmerge(self, typed: str) -> Operation | None:
        return self.work.program.people.unmerge(self.incident_id, self._voice(typed))

    def give(self, spans: list[str], to: str) -> Operation | None:
        if not spans or not to:
            raise InvalidRecordError(
                "--give", "which words, and whose", remedy="Write --give SEGMENT --to VOICE."
            )
        people = self.work.program.people
        return people.reassign(self.incident_id, self._selection(spans), self._voice(to))

    def split(self, spans: list[str], name: str) -> Operation | None:
        return self.work.program.people.split(self.incident_id, self._selection(spans), name)

    def split_from(self, segment: str, name: str) -> Operation | None:
        people = self.work.program.people
        return people.split_from(self.incident_id, SegmentId(segment), name)

    def write_samples(self, typed: str, out: Path | None) -> None:
        """Write what is heard of a voice as WAV files, each named by its number and moment."""
        if out is None:
            raise InvalidRecordError(
                "--samples", "where to write them", remedy="Add --out FOLDER."
            )
        program = self.work.program
        found = program.people.samples(self.incident_id, self._voice(typed))
        for number, sample in enumerate(found, 1):
            span = sample.span
            pcm = program.clips.pcm(self.incident_id, sample.track_id, span.start_ms, span.end_ms)
            at = clock_text(span.start_ms).replace(":", "-")
            path = out / f"voice-{number}-{at}.wav"
            write_whole(path, wav_header(len(pcm) // FRAME_BYTES) + pcm, overwrite=True)
            self.clips += ((sample, path),)

    def show(self, operation: Operation | None) -> None:
        """Print the voices as they stand now, and the clips."""
        output, record = self.work.output, self._record
        voices = _rows(record)
        output.document(
            {
                "speakers": voices,
                "operation": None if operation is None else operation.id,
                "samples": [_clip(sample, path) for sample, path in self.clips],
            }
        )
        for sample, path in self.clips:
            output.say(f"{path}  “{sample.text}”")
        if not self.clips:
            _print_table(output, record, voices)

    @property
    def _record(self) -> Record:
        return self.work.program.incidents.record(self.incident_id)

    def _selection(self, spans: list[str]) -> list[Selection]:
        record = self._record
        return [Selection(*selection_of(record, span)) for span in spans]

    def _voice(self, wanted: str) -> SpeakerId:
        """Return the voice that is meant, one that is shown before one that was merged."""
        known = self._record.speakers
        shown = MergedVoices(known).shown
        for voice in (*shown, *known):
            if wanted.strip() == voice.id or _is_called(voice, wanted):
                return voice.id
        raise NotFoundError(
            f"There is no voice “{wanted}”.", remedy="“hotwash speakers ID” lists them."
        )


def _is_called(voice: Speaker, wanted: str) -> bool:
    return bool(wanted.strip()) and (
        same_person(voice.label, wanted) or same_person(voice.name, wanted)
    )


def _pair(option: str, typed: str, between: str) -> tuple[str, str]:
    first, found, second = typed.partition(between)
    if not found or not first.strip():
        raise InvalidRecordError(
            option, f"“{typed}” is not of the form A{between}B", remedy=f"Write A{between}B."
        )
    return first.strip(), second.strip()


def _rows(record: Record) -> list[dict[str, Any]]:
    voices = MergedVoices(record.speakers)
    talks = talk_times(record.segments, record.speakers)
    return [
        {
            **to_json_values(voice),
            "talk_ms": talks.get(voice.id, NO_TALK).ms,
            "lines": talks.get(voice.id, NO_TALK).lines,
            "merged": [
                {"id": other.id, "label": other.label} for other in voices.merged_into(voice.id)
            ],
        }
        for voice in voices.shown
    ]


def _clip(sample: VoiceSample, path: Path) -> dict[str, Any]:
    return {
        "segment_id": sample.segment_id,
        "track_id": sample.track_id,
        "start_ms": sample.span.start_ms,
        "end_ms": sample.span.end_ms,
        "text": sample.text,
        "path": str(path),
    }


def _print_table(output: Output, record: Record, voices: list[dict[str, Any]]) -> None:
    """Print the voices; a column that nothing stands in would only make the ids break."""
    talks = talk_times(record.segments, record.speakers)
    noted = {voice.id for voice in voices_of_note(record.speakers, talks)}
    rows = [_shown(voice) for voice in voices if voice["id"] in noted]
    if not rows:
        output.say("Nobody is heard yet.")
        return
    used = [at for at, _ in enumerate(HEADS) if any(row[at] for row in rows)]
    output.table([HEADS[at] for at in used], [[row[at] for at in used] for row in rows])


def _shown(voice: dict[str, Any]) -> list[object]:
    also = ", ".join(other["label"] for other in voice["merged"])
    speaks = clock_text(voice["talk_ms"])
    known = (voice[key] for key in ("label", "name", "role"))
    return [*known, speaks, voice["lines"], also, voice["id"]]
