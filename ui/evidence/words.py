"""How a piece of evidence is called and what is known of it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.moments import full_text

if TYPE_CHECKING:
    from app.domain.evidence import Evidence


def evidence_name(evidence: Evidence) -> str:
    """Return what a person would call it."""
    return evidence.note or evidence.name or evidence.url or _kind(evidence)


def evidence_about(evidence: Evidence) -> str:
    """Return what kind of thing it is, and when it looked like that."""
    if evidence.captured_at is None:
        return _tr("{0}  ·  time not stated").format(_kind(evidence))
    return _tr("{0}  ·  of {1}").format(_kind(evidence), full_text(evidence.captured_at))


def short_sign(evidence: Evidence) -> str:
    """Return what stands in place of a picture: ``LOG`` for a file of that kind, or an arrow."""
    if evidence.file is None:
        return "↗"
    suffix = PurePosixPath(evidence.name or evidence.file).suffix
    return suffix.lstrip(".").upper()[:4] or _tr("file")


def _kind(evidence: Evidence) -> str:
    return evidence.kind.value.replace("_", " ")


def _tr(text: str) -> str:
    return QCoreApplication.translate("EvidenceWords", text)
