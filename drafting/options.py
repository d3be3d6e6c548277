"""What a person chooses when a document is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.domain.times import require_aware

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.domain.ids import TrackId

PageSize: TypeAlias = Literal["A4", "Letter"]


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The same record and the same options give the same bytes.

    Attributes:
        made_at: When the document is made; aware. It is the only clock a document knows.
        record_sha256: Hex digest of the record's JSON export, for the footer; empty for none.
        page_size: Paper of the PDF.
        overwrite: Whether a file of that name may be replaced.
        unheard: Tracks that recognition has not heard to their end, with where it stands, in ms.
    """

    made_at: datetime
    record_sha256: str = ""
    page_size: PageSize = "A4"
    overwrite: bool = False
    unheard: Mapping[TrackId, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_aware(self.made_at, "made_at")
        if self.page_size not in {"A4", "Letter"}:
            raise ValueError(f"page_size is A4 or Letter, got {self.page_size!r}")
