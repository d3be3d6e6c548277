"""The HTML page as the program's other parts see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.atomic_file import write_whole
from drafting.content.report_document import report_document
from drafting.exhibits import exhibits
from drafting.html.form import page
from drafting.outline import outline

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from drafting.exhibits import Shelf
    from drafting.options import ReportOptions


class HtmlReport:
    """Writes the report of a record as one page; pictures and clips come from the shelf."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the page, whole or not at all.

        Raises:
            ExportError: The file exists and may not be replaced, or it cannot be written.
        """
        text = self.render(record, options)
        write_whole(path, text.encode("utf-8"), overwrite=options.overwrite)

    def render(self, record: Record, options: ReportOptions) -> str:
        """Return the page; the same for an equal record and equal options."""
        report = outline(record, options)
        shown = exhibits(record, report, self._shelf, clips=True)
        return page(report_document(report, options), shown)
