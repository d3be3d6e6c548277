"""What proves a statement: a link or a file, and when it was taken."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from app.domain.ids import EvidenceId, IncidentId
from app.domain.invariants import require_sha256
from app.domain.times import keep_utc


class EvidenceKind(enum.StrEnum):
    """What it is."""

    DASHBOARD = "dashboard"
    LOG_QUERY = "log_query"
    PR_COMMIT = "pr_commit"
    DEPLOY_ID = "deploy_id"
    TICKET = "ticket"
    STATUS_PAGE = "status_page"
    SCREENSHOT = "screenshot"
    AUDIO = "audio"
    CHAT = "chat"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link, a file, or both (a dashboard and its picture).

    ``file`` is its path inside the incident's evidence folder, with ``/``; ``sha256`` (hex) is
    that of the file, ``name`` what it was called where it came from. ``captured_at`` is when it
    looked like that, None if nobody knows.
    """

    id: EvidenceId
    incident_id: IncidentId
    kind: EvidenceKind
    url: str | None = None
    file: str | None = None
    sha256: str | None = None
    captured_at: datetime | None = None
    note: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        keep_utc(self, "captured_at")
        require_sha256(self.sha256, "sha256")
        if not (self.url or "").strip() and not self.file:
            raise ValueError("evidence needs a url or a file")
        if self.file is not None and self.sha256 is None:
            raise ValueError("a file of evidence needs its sha256")
        if self.file is not None and not _is_inside(self.file):
            raise ValueError("file must be a path inside the evidence folder")

    @property
    def shown(self) -> str:
        """What people know it by: its address, or its file's name."""
        return self.url or self.name or self.file or self.id

    def adds_to(self, known: Evidence) -> bool:
        """Whether it is another link or file than ``known``, or says what that does not say."""
        if (self.url, self.sha256, self.kind) != (known.url, known.sha256, known.kind):
            return True
        said = (self.captured_at, known.captured_at), (self.note, known.note)
        return any(here is not None and here != there for here, there in said)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture of evidence, in pixels from its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"

    def is_inside(self, width: int, height: int) -> bool:
        """Whether it lies inside a picture of that size, and is not empty."""
        across = 0 <= self.x < self.x + self.width <= width
        return across and 0 <= self.y < self.y + self.height <= height


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    windows = "\\" in path or ":" in path
    return bool(parts) and parts[0] != "/" and ".." not in parts and not windows
