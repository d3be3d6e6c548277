"""Use case: walk the whole way on the shipped recording, as a scribe would.

The prepared answers hold what a person types, and find their spans by the words that were
recognised: what recognition did not hear is not promoted.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.evidence import EvidenceKind
from app.domain.ids import EntryId
from app.domain.sessions import SessionKind
from app.domain.timeline import EntryKind
from app.services.demo_answers import DemoAnswers
from app.services.evidence_store import EvidenceWords
from app.services.promotion import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.ids import IncidentId
    from app.domain.record import Operation, Record
    from app.domain.transcript import Segment
    from app.services.program import Program

WORD = re.compile(r"[\w%:.']+")
DOCUMENTS = {
    "pdf": "postmortem.pdf",
    "docx": "postmortem.docx",
    "html": "postmortem.html",
    "md": "postmortem.md",
    "json": "record.json",
    "pack": "evidence-pack.zip",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the way: how long it took, and what came of it."""

    name: str
    seconds: float
    result: str


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What the demonstration made; ``not_heard`` are the promotions whose words were missing."""

    incident_id: IncidentId
    stages: tuple[Stage, ...]
    documents: tuple[Path, ...]
    not_heard: tuple[str, ...]


class Demonstration:
    """Runs the real services, one after the other, on a folder with two tracks and answers."""

    def __init__(self, program: Program, material: Path) -> None:
        self._program = program
        self._material = material
        self._stages: list[Stage] = []

    def run(self, out: Path) -> DemoOutcome:
        """Attach, recognise, label, promote, write; the documents go to ``out``."""
        answers = DemoAnswers(self._material)
        program = self._program
        incident = program.incidents.create(answers["title"], answers["severity"])
        tracks = [self._material / f"{name}.flac" for name in ("room", "bridge")]
        with self._stage("attach") as done:
            start = datetime.fromisoformat(answers["start_utc"])
            kind = SessionKind(answers["kind"])
            program.attachment.attach(incident.id, tracks, start_utc=start, kind=kind)
            done(f"{len(tracks)} tracks, {self._seconds(incident.id):.0f} s")
        with self._stage("recognise") as done:
            program.transcription.run(incident.id, label_voices=False)
            done(f"{len(program.incidents.record(incident.id).segments)} utterances")
        with self._stage("speakers") as done:
            apart = program.speakers.run(incident.id)
            lines = program.incidents.record(incident.id).segments
            voices = len({line.speaker_id for line in lines})
            done(f"{voices} voices" if apart else f"{voices} labels, by track")
        with self._stage("correct") as done:
            corrected = self._correct(incident.id, answers)
            done(f"{corrected} utterances by hand, originals kept")
        with self._stage("promote") as done:
            not_heard = self._promote(incident.id, answers)
            record = program.incidents.record(incident.id)
            done(
                f"{len(record.entries)} entries, {len(record.decisions)} decisions, "
                f"{len(record.actions)} actions"
            )
        with self._stage("analyse") as done:
            if not_heard:
                done("left out: it rests on words that were not heard")
            else:
                self._analyse(incident.id, answers)
                record = program.incidents.record(incident.id)
                done(
                    f"{len(record.evidence)} pieces of evidence, {len(record.factors)} factors, "
                    f"{len(record.actions)} actions"
                )
        documents = []
        for name, file_name in DOCUMENTS.items():
            with self._stage(f"write {name}") as done:
                path = out / file_name
                program.exports.write(incident.id, format=name, path=path, overwrite=True)
                documents.append(path)
                done(str(path))
        return DemoOutcome(incident.id, tuple(self._stages), tuple(documents), tuple(not_heard))

    def _correct(self, incident_id: IncidentId, answers: DemoAnswers) -> int:
        """Mend what a listener hears that the recogniser did not; return how much it was."""
        record = self._program.incidents.record(incident_id)
        wrong = [
            (segment, answer["typed"])
            for answer in answers["corrections"]
            if (segment := find_words(record, answer["heard"])) is not None
            and segment.text != answer["typed"]
        ]
        for segment, typed in wrong:
            self._program.editing.set_segment_text(incident_id, segment.id, typed)
        return len(wrong)

    def _promote(self, incident_id: IncidentId, answers: DemoAnswers) -> list[str]:
        record = self._program.incidents.record(incident_id)
        not_heard = []
        for answer in answers["promotions"]:
            wanted = [answer["heard"], *answer.get("also_heard", [])]
            found = [find_words(record, words) for words in wanted]
            heard = [segment for segment in found if segment is not None]
            if len(heard) < len(wanted):
                not_heard.append(answer["heard"])
                continue
            operation = self._program.promotion.promote(
                incident_id,
                [Selection(segment.id) for segment in heard],
                kind=EntryKind(answer["kind"]),
                text=answer.get("text"),
            )
            self._fill_in(incident_id, operation, answer, answers)
        if self._program.incidents.record(incident_id).entries:
            typed = {name: answers[name] for name in ("state", "owner", "classification")}
            self._program.edits.apply(incident_id, {"incident": typed})
        return not_heard

    def _fill_in(
        self,
        incident_id: IncidentId,
        operation: Operation,
        answer: dict[str, Any],
        answers: DemoAnswers,
    ) -> None:
        """Type what the words alone do not say."""
        ids: list[str] = [change.entity.id for change in operation.changes]
        for made in ids:
            answers.name(answer["name"], made)
        document: dict[str, Any] = {"entries": [{"id": ids[0], **answer["entry"]}]}
        if "evidence" in answer:
            proof = answers.resolved(answer["evidence"])
            document |= {"evidence": [proof]}
            document["entries"][0]["evidence"] = [proof["id"]]
        for name in ("decision", "action"):
            if name in answer:
                document[f"{name}s"] = [{"id": ids[1], **answer[name]}]
        self._program.edits.apply(incident_id, document)

    def _analyse(self, incident_id: IncidentId, answers: DemoAnswers) -> None:
        """Lock the facts, then type what a facilitator adds: evidence, impact, causes, actions."""
        self._program.locking.lock(incident_id, "facts")
        for file in answers["evidence_files"]:
            captured_at = datetime.fromisoformat(file["captured_at"])
            self._program.evidence.add(
                incident_id,
                [self._material / file["file"]],
                EvidenceWords(EvidenceKind(file["kind"]), captured_at, file["note"]),
                entry_id=EntryId(answers.resolved(file["entry"])),
            )
        self._program.edits.apply(incident_id, answers.resolved(answers["analysis"]))

    def _seconds(self, incident_id: IncidentId) -> float:
        tracks = self._program.incidents.record(incident_id).tracks
        return max(track.duration_ms or 0 for track in tracks) / 1000

    @contextmanager
    def _stage(self, name: str) -> Iterator[Any]:
        results: list[str] = []
        began = time.monotonic()
        yield results.append
        self._stages.append(Stage(name, time.monotonic() - began, " ".join(results)))


def find_words(record: Record, words: str) -> Segment | None:
    """Return the first segment in which the words were recognised one after the other."""
    wanted = _plain(words)
    for segment in record.segments:
        heard = _plain(segment.text)
        places = range(len(heard) - len(wanted) + 1)
        if any(heard[place : place + len(wanted)] == wanted for place in places):
            return segment
    return None


def _plain(text: str) -> list[str]:
    return [word.strip(".:").lower() for word in WORD.findall(text)]
