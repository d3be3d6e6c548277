"""What a person types as evidence: a link or a file, with its kind before it where unsure."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.domain.evidence import EvidenceKind
from app.domain.evidence_kinds import checked_link, is_link, kind_of_file, kind_of_link
from ui.widgets.entry_bar import Preview

KINDS = {kind.value: kind for kind in EvidenceKind}


def evidence_of(typed: str) -> tuple[str | Path, EvidenceKind | None]:
    """Return the link or file that was typed, and its kind where that stands before it."""
    first, _space, rest = typed.strip().partition(" ")
    kind = KINDS.get(first.casefold())
    thing = rest.strip() if kind is not None else typed.strip()
    # Path.expanduser raises where there is no such person
    return (thing if is_link(thing) else Path(os.path.expanduser(thing))), kind  # noqa: PTH111


def kind_of(thing: str | Path) -> EvidenceKind | None:
    """Return what a link or file is, None where that is not sure."""
    return kind_of_link(thing) if isinstance(thing, str) else kind_of_file(thing.name)


def evidence_preview(typed: str) -> Preview:
    """Return what would be attached, or why nothing would."""
    thing, kind = evidence_of(typed)
    if not typed.strip() or thing == Path():
        return Preview(_tr("Type or paste a link, or the path of a file."), is_problem=True)
    problem = _link_problem(thing) if isinstance(thing, str) else _file_problem(thing)
    if problem:
        return Preview(problem, is_problem=True)
    kind = kind or kind_of(thing)
    if kind is None:
        words = _tr("Put before it what it is: {0}.").format(", ".join(KINDS))
        return Preview(words, is_problem=True)
    name = thing if isinstance(thing, str) else thing.name
    return Preview(f"{kind.value.replace('_', ' ')}  ·  {name}")


def _link_problem(link: str) -> str:
    try:
        checked_link(link)
    except ValueError as error:
        return f"{str(error)[:1].upper()}{str(error)[1:]}."
    return ""


def _file_problem(path: Path) -> str:
    # Unlike Path's, these raise for no name, however odd
    if os.path.isdir(path):  # noqa: PTH112  see above
        return _tr("“{0}” is a folder. Name a file in it.").format(path)
    if not os.path.isfile(path):  # noqa: PTH113  see above
        return _tr("There is no file “{0}”. Correct the path, or paste a link.").format(path)
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("EvidenceLine", text)
