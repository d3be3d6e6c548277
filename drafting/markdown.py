"""The report as GitHub-flavoured Markdown: one file, and a folder of what it shows beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from drafting.atomic_file import make_room, write_whole
from drafting.content.blocks import NO_EXHIBITS
from drafting.content.report_document import report_document
from drafting.exhibits import exhibits
from drafting.markdown_form import rendered
from drafting.outline import outline

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from drafting.content.blocks import Exhibits
    from drafting.exhibits import Shelf
    from drafting.options import ReportOptions


class MarkdownReport:
    """Writes the report of a record as Markdown (UTF-8).

    Pictures of evidence, and clips where the options ask for them, go to ``NAME-files`` beside
    ``NAME.md``; without a shelf there are none.
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the document, whole or not at all, after what it shows.

        Raises:
            ExportError: The file exists and may not be replaced, or it cannot be written.
        """
        report = outline(record, options)
        shown = exhibits(record, report, self._shelf, clips=options.clips)
        folder = path.with_name(f"{path.stem}-files")
        text = rendered(report_document(report, options), shown, quote(folder.name))
        files = _files(shown)
        if files:
            make_room(folder)
        for name, content in files:
            write_whole(folder / name, content, overwrite=options.overwrite)
        write_whole(path, text.encode("utf-8"), overwrite=options.overwrite)


def _files(shown: Exhibits) -> list[tuple[str, bytes]]:
    """Return the files beside the document, named as ``rendered`` refers to them."""
    pictures = [(f"{ref}.png", picture) for ref, picture in shown.pictures.items()]
    return [*pictures, *((f"{ref}.flac", clip) for ref, clip in shown.clips.items())]


def markdown(record: Record, options: ReportOptions) -> str:
    """Return the document without pictures; the same for an equal record and equal options."""
    return rendered(report_document(outline(record, options), options), NO_EXHIBITS, "")
