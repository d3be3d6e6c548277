"""The DOCX as the program's other parts see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.atomic_file import write_whole
from drafting.content.report_document import report_document
from drafting.exhibits import exhibits
from drafting.outline import outline

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from drafting.exhibits import Shelf
    from drafting.options import ReportOptions


class DocxReport:
    """Writes the report of a record as DOCX, with pictures where there is a shelf."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the document, whole or not at all.

        Raises:
            ExportError: The file exists and may not be replaced, or it cannot be written.
        """
        write_whole(path, self.render(record, options), overwrite=options.overwrite)

    def render(self, record: Record, options: ReportOptions) -> bytes:
        """Return the document's bytes, the same for an equal record and equal options."""
        from drafting.docx.form import docx_bytes  # noqa: PLC0415  python-docx is slow to import

        report = outline(record, options)
        shown = exhibits(record, report, self._shelf, clips=False)
        return docx_bytes(report_document(report, options), shown, options.page_size)
