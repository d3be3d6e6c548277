"""Commands on the team's glossary: list, add, remove, import, take-back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import CommandContext
from app.cli.output import counted
from app.domain.encoding import to_json_values
from app.domain.glossary import TermKind
from app.domain.ids import SegmentId

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.domain.glossary import Term
    from app.services.glossary import GlossaryDesk, Imported

Words = Annotated[str, typer.Argument(metavar="TERM", help="As your team spells it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    glossary = typer.Typer(
        help="How your team spells services, people and acronyms, and how they are misheard.",
        invoke_without_command=True,
    )
    glossary.callback()(_list_by_default)
    glossary.command("list")(list_terms)
    glossary.command("add")(add)
    glossary.command("remove")(remove)
    glossary.command("import")(import_terms)
    glossary.command("take-back")(take_back)
    app.add_typer(glossary, name="glossary")


def _list_by_default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_terms(context)


def list_terms(context: typer.Context) -> None:
    """List the terms in force, and the file that holds them."""
    work: CommandContext = context.obj
    found = _desk(work).in_force
    if found.problem is not None:
        work.output.note(f"{found.problem} {found.problem.remedy}")
    work.output.document(
        {
            "path": str(found.path),
            "terms": [to_json_values(term) for term in found.glossary.terms],
            "problem": None
            if found.problem is None
            else {"message": str(found.problem), "remedy": found.problem.remedy},
        }
    )
    if found.glossary.terms:
        _show(work, found.glossary.terms)
    elif found.problem is None:
        work.output.say("No terms yet. Add one: hotwash glossary add TERM")
    work.output.say(f"From {found.path}")


def add(
    context: typer.Context,
    text: Words,
    *,
    kind: Annotated[
        TermKind | None, typer.Option(help="What it names; “other” for a new one.")
    ] = None,
    heard: Annotated[
        list[str] | None, typer.Option(help="What is recognised in its place; may be repeated.")
    ] = None,
) -> None:
    """Add a term, or say anew what kind it is or how it is misheard; what is not said stays."""
    work: CommandContext = context.obj
    term = _desk(work).add(" ".join(text.split()), kind, heard or ())
    work.output.document(to_json_values(term))
    _show(work, [term])


def remove(context: typer.Context, text: Words) -> None:
    """Take a term out. Transcripts keep the spellings that stand in them."""
    work: CommandContext = context.obj
    _desk(work).remove(text)
    work.output.document({"removed": text})
    work.output.say(f"Removed: {text}")


def import_terms(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A table (CSV) or a list.")
    ] = None,
    *,
    incident: Annotated[
        str, typer.Option(metavar="ID", help="Take the people and systems of an incident.")
    ] = "",
) -> None:
    """Take terms over. What is there stays; what it is heard as is added.

    A table has the columns term, kind and heard as (";" sets several apart). A list has one term
    a line; "=" sets apart what it is heard as, "#" begins a comment.
    """
    work: CommandContext = context.obj
    if (file is None) == (not incident):
        raise typer.BadParameter("Name a file, or an incident with --incident.")
    desk = _desk(work)
    if file is None:
        _report(work, desk.import_incident(work.incident(incident)))
    else:
        _report(work, desk.import_file(file))


def take_back(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")],
    segments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SEGMENT[:WORD]]…", help="Words are counted from 0."),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All of the incident.")] = False,
) -> None:
    """Let a transcript say what was heard, where the glossary's spelling stands."""
    work: CommandContext = context.obj
    if everything == bool(segments):
        raise typer.BadParameter("Name segments, or --all.")
    incident_id = work.incident(incident)
    chosen = None if everything else [_place(typed) for typed in segments or ()]
    operation = _desk(work).take_back(incident_id, chosen)
    changed = [change.entity.id for change in operation.changes]
    work.output.document({"edit": operation.id, "changed": changed})
    work.output.say(f"{counted(len(changed), 'segment')} as heard. hotwash undo takes that back.")


def _place(typed: str) -> tuple[SegmentId, Collection[int] | None]:
    segment, colon, word = typed.partition(":")
    if not colon:
        return SegmentId(segment), None
    if not word.isdecimal():
        raise typer.BadParameter(f"“{typed}” names no word: write SEGMENT:0 for the first.")
    return SegmentId(segment), (int(word),)


def _desk(work: CommandContext) -> GlossaryDesk:
    return work.program.glossary


def _report(work: CommandContext, imported: Imported) -> None:
    work.output.document(
        {
            "new": [to_json_values(term) for term in imported.new],
            "grew": [to_json_values(term) for term in imported.grew],
            "unchanged": imported.unchanged,
            "skipped": [{"place": s.place, "reason": s.reason} for s in imported.skipped],
        }
    )
    _show(work, [*imported.new, *imported.grew])
    for skipped in imported.skipped:
        work.output.note(f"{skipped.place}: {skipped.reason}; skipped.")
    work.output.say(
        f"{counted(len(imported.new), 'new term')}, {len(imported.grew)} heard in more ways, "
        f"{imported.unchanged} known."
    )


def _show(work: CommandContext, terms: Collection[Term]) -> None:
    if terms:
        rows = [[term.text, term.kind.value, "; ".join(term.heard_as)] for term in terms]
        work.output.table(["term", "kind", "heard as"], rows)
