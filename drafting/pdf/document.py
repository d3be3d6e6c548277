"""The PDF as the program's other parts see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.atomic_file import write_whole
from drafting.outline import outline

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from drafting.options import ReportOptions


class PdfReport:
    """Writes the report of a record as PDF; ``fonts_dir`` holds the fonts to embed."""

    def __init__(self, fonts_dir: Path) -> None:
        self._fonts_dir = fonts_dir

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the document, whole or not at all.

        Raises:
            ExportError: The file exists and may not be replaced, it cannot be written, or a font
                is missing.
        """
        write_whole(path, self.render(record, options), overwrite=options.overwrite)

    def render(self, record: Record, options: ReportOptions) -> bytes:
        """Return the document's bytes, the same for an equal record and equal options.

        Raises:
            ExportError: A font is missing.
        """
        from drafting.pdf.layout import pdf_bytes  # noqa: PLC0415  ReportLab is slow to import

        return pdf_bytes(outline(record, options), self._fonts_dir, options)
