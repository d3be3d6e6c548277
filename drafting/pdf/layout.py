"""Lays a report out and returns the file's bytes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from drafting.outline import ALONE, IN_PACK, RECORD
from drafting.pdf.fonts import Typesetter, one_line
from drafting.pdf.front import front_page
from drafting.pdf.pages import Pages, PageText
from drafting.pdf.sections import sections
from drafting.pdf.setting import Setting

if TYPE_CHECKING:
    from pathlib import Path

    from drafting.options import ReportOptions
    from drafting.report import Report

HASH_LENGTH = 12
OVER = {IN_PACK: "manifest", ALONE: "content", RECORD: "record", "": "hash not given"}


def pdf_bytes(report: Report, fonts_dir: Path, options: ReportOptions) -> bytes:
    """Return the PDF; the same bytes for an equal report and equal options.

    Raises:
        ExportError: A font file is missing or damaged, or the branding's logo.
    """
    types = Typesetter(fonts_dir)
    target = BytesIO()
    pages = Pages(
        target,
        text=_page_text(report, options, types),
        page_size=options.page_size,
        made_at=options.made_at,
    )
    setting = Setting(types, pages.body_width, pages.body_height, report.without)
    front = front_page(report, setting, options.branding)
    pages.make([*front, *sections(report, setting)])
    return target.getvalue()


def _page_text(report: Report, options: ReportOptions, types: Typesetter) -> PageText:
    classification = report.classification or "classification not recorded"
    organisation = options.branding.organisation
    kind = "Postmortem" if report.final_by else "Postmortem (draft)"
    return PageText(
        title=one_line(f"{kind}: {report.title}"),
        author=one_line(report.owner or organisation),
        subject=one_line(
            f"{report.incident_id}, {report.severity or 'severity not recorded'}, "
            f"{report.state}, {classification}"
        ),
        running_head=types.line(" · ".join(filter(None, (organisation, report.title)))),
        footer=types.line(f"{report.incident_id} · {classification}"),
        hash_words=f"{OVER[report.hash_of]} {report.sha256[:HASH_LENGTH]}".rstrip(),
        stamp="" if report.final_by else "DRAFT",
    )
