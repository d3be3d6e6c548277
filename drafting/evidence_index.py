"""Numbers the evidence, in the order in which the report's lines name it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from app.domain.evidence_kinds import checked_link
from app.domain.redacting import MARK
from drafting.report import EvidenceRow, Ref
from drafting.time_words import stamp

if TYPE_CHECKING:
    from app.domain.evidence import Evidence
    from app.domain.ids import EvidenceId
    from app.domain.record import Record
    from drafting.selection import Selection

SHORT_HASH = 12  # characters of a SHA-256
# What may stand in an address as it is: what RFC 3986 reserves, and escapes that are there.
_ADDRESS = ":/?#[]@!$&'()*+,;=%"


@dataclass(slots=True)
class _Cited:
    ref: Ref
    by: list[Ref] = field(default_factory=list)


class EvidenceIndex:
    """Give it every citation in reading order, then ask for the rows."""

    def __init__(self, record: Record, chosen: Selection) -> None:
        self._known = {evidence.id: evidence for evidence in record.evidence}
        self._loose = chosen.loose
        self._cited: dict[EvidenceId, _Cited] = {}

    def cite(self, evidence: tuple[EvidenceId, ...], by: Ref) -> tuple[Ref, ...]:
        """Return the references of the evidence, noting who cites it; what is gone has none."""
        refs: list[Ref] = []
        for each in dict.fromkeys(evidence):
            if each in self._known:
                cited = self._cited.setdefault(each, _Cited(f"E{len(self._cited) + 1}"))
                cited.by.append(by)
                refs.append(cited.ref)
        return tuple(refs)

    def rows(self) -> tuple[EvidenceRow, ...]:
        """Return what the report names, then what nothing names."""
        named = [_row(c.ref, self._known[each], tuple(c.by)) for each, c in self._cited.items()]
        loose = [each for each in self._loose if each.id not in self._cited]
        numbered = enumerate(loose, start=len(named) + 1)
        return (*named, *(_row(f"E{number}", each, ()) for number, each in numbered))


def _row(ref: Ref, evidence: Evidence, by: tuple[Ref, ...]) -> EvidenceRow:
    """Return a row. ``file`` is not printed: it is a hash, or a name that no redaction reaches."""
    return EvidenceRow(
        ref=ref,
        kind=evidence.kind.value.replace("_", " "),
        name=evidence.name or "",
        note=evidence.note or "",
        url=evidence.url or "",
        address=web_address(evidence.url or ""),
        sha256=(evidence.sha256 or "")[:SHORT_HASH],
        captured=stamp(evidence.captured_at) if evidence.captured_at is not None else "",
        cited_by=by,
        id=evidence.id,
    )


def web_address(url: str) -> str:
    """Return an address that may be followed: of the web, and with all of its words."""
    if MARK in url:
        return ""
    try:
        return quote(checked_link(url), safe=_ADDRESS)
    except ValueError:  # none of the web, or no text at all: printed as words, not as a link
        return ""
