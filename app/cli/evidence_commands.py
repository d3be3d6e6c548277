"""The command evidence: add links and files, tie them to entries, check what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.context import CommandContext
from app.cli.output import counted
from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.evidence import Evidence, EvidenceKind
from app.domain.evidence_kinds import is_link
from app.domain.ids import IncidentId
from app.domain.record import Record
from app.services.evidence_check import EvidenceCheck
from app.services.evidence_store import EvidenceWords
from app.services.typed_moment import typed_moment

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]
FINDINGS = 1


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evidence")(evidence)


def evidence(
    context: typer.Context,
    incident: Incident,
    *,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="FILE|URL", help="Repeat for several.")
    ] = None,
    attach: Annotated[
        list[str] | None, typer.Option(metavar="EVI", help="Tie what is there to --entry.")
    ] = None,
    detach: Annotated[
        list[str] | None, typer.Option(metavar="EVI", help="Untie it from --entry.")
    ] = None,
    entry: Annotated[str, typer.Option(metavar="ENT", help="The entry that it proves.")] = "",
    kind: Annotated[
        EvidenceKind | None, typer.Option(help="Needed where the name does not show it.")
    ] = None,
    captured: Annotated[
        str, typer.Option(metavar="TIME", help="When it looked like that: 14:02 or ISO.")
    ] = "",
    note: Annotated[str, typer.Option(help="What it shows.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Read every file again.")] = False,
) -> None:
    """List the evidence; add links and files to it, and tie it to entries."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    named: tuple[Evidence, ...] = ()
    known = {one.id for one in work.program.incidents.record(incident_id).evidence}
    if add:
        words = EvidenceWords(kind, _captured(work, incident_id, captured), note)
        things = [thing if is_link(thing) else Path(thing).expanduser() for thing in add]
        target = work.entry(incident_id, entry) if entry else None
        named = work.program.evidence.add(incident_id, things, words, entry_id=target)
    if attach or detach:
        _tie(work, incident_id, entry, attach or [], detach or [])
    record = work.program.incidents.record(incident_id)
    made = [one for one in named if one.id not in known]
    already = [one for one in named if one.id in known]
    checked = work.program.evidence.check(incident_id) if check else None
    work.output.document(
        {
            "added": [to_json_values(one) for one in made],
            "already": [to_json_values(one) for one in already],
            "evidence": [_shown(work, record, one) for one in record.evidence],
            "check": None if checked is None else _check(checked),
        }
    )
    _say_added(work, made, already)
    _say(work, record, checked)
    if checked is not None and not checked.ok:
        raise typer.Exit(FINDINGS)


def _captured(work: CommandContext, incident_id: IncidentId, typed: str) -> Any:
    if not typed:
        return None
    record = work.program.incidents.record(incident_id)
    return typed_moment(record, typed, place="--captured").at


def _tie(
    work: CommandContext, incident_id: IncidentId, entry: str, attach: list[str], detach: list[str]
) -> None:
    if not entry:
        raise InvalidRecordError("--entry", "it is missing", remedy="Say which entry.")
    service, target = work.program.evidence, work.entry(incident_id, entry)
    if attach:
        service.attach(incident_id, target, work.evidence(incident_id, attach))
    if detach:
        service.detach(incident_id, target, work.evidence(incident_id, detach))


def _shown(work: CommandContext, record: Record, one: Evidence) -> dict[str, Any]:
    path = work.program.evidence.files.path_of(one)
    entries = [entry.id for entry in record.timeline() if one.id in entry.evidence]
    return {
        **to_json_values(one),
        "path": None if path is None else str(path),
        "entries": entries,
    }


def _check(checked: EvidenceCheck) -> dict[str, Any]:
    return {
        "ok": checked.ok,
        "files": checked.files,
        "bytes": checked.bytes,
        "problems": [{"path": path, "reason": reason} for path, reason in checked.problems],
        "unused": list(checked.unused),
    }


def _say_added(work: CommandContext, made: list[Evidence], already: list[Evidence]) -> None:
    for one in already:
        work.output.say(f"There already, with all that is said of it: {one.id} ({one.shown})")
    for one in made:
        unknown = "" if one.captured_at else "; when it was captured is not known"
        work.output.say(f"Added: {one.id} ({one.kind.value}){unknown}")


def _say(work: CommandContext, record: Record, checked: EvidenceCheck | None) -> None:
    work.output.table(
        ["id", "kind", "what", "captured", "note"],
        [
            [one.id, one.kind.value, one.shown, one.captured_at, one.note]
            for one in record.evidence
        ],
    )
    if checked is None:
        return
    for path, reason in checked.problems:
        work.output.say(f"{reason}: {path}")
    if any(reason == "extra" for _, reason in checked.problems):
        work.output.say("What is extra belongs to nothing: add it with --add, or delete it.")
    work.output.say(
        f"{counted(checked.files, 'file')}, {counted(len(checked.problems), 'problem')}."
    )
