"""The reports of ``drafting``, as the services know documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.times import now_utc
from app.services.recognition_reach import unheard
from app.services.record_json import record_sha256
from drafting.options import ReportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.ports import RecordStore
    from app.domain.record import Record
    from drafting.markdown import MarkdownReport
    from drafting.pdf.document import PdfReport


@dataclass(frozen=True, slots=True)
class Report:
    """A report of ``drafting`` as the services know documents."""

    report: PdfReport | MarkdownReport
    store: RecordStore

    def write(self, record: Record, path: Path, *, overwrite: bool) -> None:
        """Write the report, with the hash of the record that it is made of."""
        options = ReportOptions(
            made_at=now_utc(),
            record_sha256=record_sha256(record),
            page_size="A4",
            overwrite=overwrite,
            unheard=unheard(record, self.store),
        )
        self.report.write(record, path, options=options)
