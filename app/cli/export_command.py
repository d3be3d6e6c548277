"""The command export: a document of the incident, and what a person chooses of it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import CommandContext
from app.cli.output import counted
from app.cli.passphrase import PassphraseFile, read_passphrase
from app.domain.communications import Audience
from app.domain.encoding import to_json_values
from app.domain.errors import NotApprovedError
from app.services.export_run import PAPERS, ExportChoice
from app.services.exports import NotFinalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.services.export_run import Outlook
    from app.services.exports import Exports


Format = Annotated[str, typer.Option("--format", help="pdf, md, json, pack, bundle and so on.")]
Out = Annotated[Path | None, typer.Option("--out", help="The file to write.")]
ApprovedBy = Annotated[
    str, typer.Option(metavar="NAME", help="Who approved what leaves the house.")
]
AllowLeaks = Annotated[
    str, typer.Option(metavar="REASON", help="Why it may go in spite of the leak check.")
]
Clips = Annotated[bool, typer.Option("--clips", help="Markdown: bring the cited audio along.")]
Paper = Annotated[str, typer.Option(metavar="A4|Letter", help="Of the PDF.")]
Final = Annotated[bool, typer.Option("--final", help="No draft; E findings refuse it.")]
Without = Annotated[
    list[str] | None, typer.Option(metavar="SECTION", help="A section to leave out.")
]
LeaveOut = Annotated[
    list[str] | None, typer.Option(metavar="ENTRY", help="An entry to leave out.")
]
Unsigned = Annotated[
    bool, typer.Option("--unsigned", help="Do not sign the pack, though there is a key.")
]
ToPreview = Annotated[
    bool, typer.Option("--preview", help="Say what it would leave out; write nothing.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")],
    to_format: Format,
    out: Out = None,
    *,
    audience: Annotated[Audience, typer.Option(help="For whom.")] = Audience.ENGINEERING,
    approved_by: ApprovedBy = "",
    allow_leaks: AllowLeaks = "",
    clips: Clips = False,
    paper: Paper = PAPERS[0],
    final: Final = False,
    without: Without = None,
    leave_out: LeaveOut = None,
    unsigned: Unsigned = False,
    passphrase_file: PassphraseFile = None,
    preview: ToPreview = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write the incident as a document, a draft unless --final is given.

    A pack is the report with its record, the audio it cites and its evidence, to be checked with
    “verify”. A bundle is the whole incident with its audio, to open on another machine.
    """
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    _check_words(work.program.exports, to_format, paper, without or ())
    choice = ExportChoice(
        page_size=paper,
        final_by=work.program.actor if final else "",
        audience=audience,
        approved_by=approved_by.strip(),
        leak_reason=allow_leaks.strip(),
        clips=clips,
        sections_left_out=frozenset(without or ()),
        entries_left_out=frozenset(work.entry(incident_id, one) for one in leave_out or ()),
        sign=not unsigned,
        passphrase=read_passphrase(passphrase_file),
    )
    seen = work.program.exports.outlook(incident_id, choice)
    if preview:
        _show(work, seen)
    elif out is None:
        raise typer.BadParameter("Say which file to write: --out FILE.")
    else:
        with work.showing_progress(), _telling(work):
            work.program.exports.write(
                incident_id, format=to_format, path=out, overwrite=force, choice=choice
            )
        _say_written(work, out, to_format, seen, final=final)


@contextmanager
def _telling(work: CommandContext) -> Iterator[None]:
    """Tell in full what an export is refused for."""
    try:
        yield
    except NotApprovedError as refusal:
        if refusal.text:
            work.output.note(f"This is what people would read:\n\n{refusal.text}")
        raise
    except NotFinalError as refusal:
        for finding in refusal.findings:
            work.output.note(f"{finding.rule}: {finding.message} {finding.remedy}")
        raise


def _say_written(
    work: CommandContext, path: Path, to_format: str, seen: Outlook, *, final: bool
) -> None:
    work.output.document(
        {
            "path": str(path),
            "format": to_format,
            "bytes": path.stat().st_size,
            "final": final,
            "left_out": _left_out(seen),
        }
    )
    work.output.say(f"Written: {path}")
    if seen.left_out or seen.sections_left_out:
        work.output.say(_left_out_words(seen))


def _check_words(exports: Exports, to_format: str, paper: str, without: Sequence[str]) -> None:
    """Refuse a word that is none of those there are."""
    if to_format not in exports.formats:
        raise typer.BadParameter(
            f"There is no format “{to_format}”. Choose {', '.join(exports.formats)}."
        )
    if paper not in PAPERS:
        raise typer.BadParameter(f"There is no paper “{paper}”. Choose {' or '.join(PAPERS)}.")
    for section in without:
        if section not in exports.sections:
            raise typer.BadParameter(
                f"There is no section “{section}”. Choose of {', '.join(exports.sections)}."
            )


def _show(work: CommandContext, seen: Outlook) -> None:
    work.output.document(
        {
            "entries": seen.entries,
            "left_out": _left_out(seen),
            "redactions": seen.redactions,
            "final_allowed": not seen.refusals,
            "refusals": [to_json_values(finding) for finding in seen.refusals],
        }
    )
    work.output.say(f"{counted(seen.entries, 'entry', 'entries')} in the timeline.")
    work.output.say(_left_out_words(seen))
    for finding in seen.refusals:
        work.output.say(f"Not final yet: {finding.rule} {finding.message}")


def _left_out(seen: Outlook) -> dict[str, Any]:
    return {
        "sections": list(seen.sections_left_out),
        "entries": seen.left_out,
        "kept_out_by_record": seen.kept_out,
    }


def _left_out_words(seen: Outlook) -> str:
    sections = ", ".join(seen.sections_left_out) or "no section"
    entries = counted(seen.left_out, "entry", "entries")
    return f"Left out: {sections}; {entries} by choice, {seen.kept_out} as the record says."
