"""Is the evidence of an incident still what was put on record, and is nothing lying about?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.evidence import Evidence
from app.evidence_files.files import flaw_of

if TYPE_CHECKING:
    from app.domain.record import Record
    from app.evidence_files.files import EvidenceFiles


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """Paths are relative to the evidence folder.

    ``problems`` are paths with their reason: changed, missing, unreadable, or extra for a file
    that neither the record nor its history names. ``unused`` files are named by the history
    alone (an undone or removed piece): they stay, since an undo or redo may bring them back.
    """

    files: int
    bytes: int
    problems: tuple[tuple[str, str], ...]
    unused: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not self.problems


def check_evidence(record: Record, files: EvidenceFiles) -> EvidenceCheck:
    """Read every file of evidence again, and look for files that nothing names."""
    folder = files.folder(record.incident.id)
    named = {one.file: one.sha256 for one in record.evidence if one.file is not None}
    problems, total = [], 0
    for file, sha256 in sorted(named.items()):
        path = folder / file
        flaw = flaw_of(path, sha256 or "")
        if flaw:
            problems.append((file, flaw))
        total += path.stat().st_size if path.is_file() else 0
    others = [file for file in files.all_files(record.incident.id) if file not in named]
    remembered = _named_by_history(record)
    problems += [(file, "extra") for file in others if file not in remembered]
    unused = tuple(file for file in others if file in remembered)
    return EvidenceCheck(len(named), total, tuple(problems), unused)


def _named_by_history(record: Record) -> set[str]:
    states = (
        state
        for operation in record.operations
        for change in operation.changes
        for state in (change.before, change.after)
    )
    return {one.file for one in states if isinstance(one, Evidence) and one.file is not None}
