"""Who writes the report: every form of it, and the texts for those who do not read all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audience_documents import ForAudiences
from app.report_documents import Report
from app.resources import resources_dir
from app.services.approvals import Approvals
from app.services.report_shelf import ReportShelf
from app.services.steps import Steps
from drafting.audiences.brief import FORMS
from drafting.audiences.templates import AudienceTemplates
from drafting.calendar import ReviewCalendar
from drafting.docx.document import DocxReport
from drafting.html.document import HtmlReport
from drafting.markdown import MarkdownReport
from drafting.pdf.document import PdfReport
from drafting.tables.jira_csv import JiraCsv
from drafting.tables.linear_csv import LinearCsv
from drafting.tables.timeline_csv import TimelineCsv

if TYPE_CHECKING:
    from app.domain.cadence import Cadence
    from app.domain.home import Home
    from app.domain.ports import EventBus, RecordStore
    from app.evidence_files.files import EvidenceFiles
    from app.report_documents import Form
    from app.services.clips import Clips
    from app.services.exports import DocumentWriter

AUDIENCE_FORMATS = frozenset(FORMS)


def report_writers(
    store: RecordStore,
    bus: EventBus,
    *,
    home: Home,
    cadence: Cadence,
    actor: str,
    files: EvidenceFiles,
    clips: Clips,
) -> dict[str, DocumentWriter]:
    """Return the writers by the names of their formats."""
    shelf = ReportShelf(files, clips)
    forms: dict[str, Form] = {
        "pdf": PdfReport(resources_dir() / "fonts"),
        "md": MarkdownReport(shelf),
        "docx": DocxReport(shelf),
        "html": HtmlReport(shelf),
        "timeline-csv": TimelineCsv(),
        "jira-csv": JiraCsv(),
        "linear-csv": LinearCsv(),
        "ics": ReviewCalendar(),
    }
    whole = {name: Report(form, store, home, cadence) for name, form in forms.items()}
    templates = AudienceTemplates(resources_dir() / "templates", home.templates)
    approvals = Approvals(Steps(store, bus, actor=actor))
    # What has no form of the whole report takes the options of one that has.
    told = {
        name: ForAudiences(name, whole.get(name, whole["md"]), name in whole, templates, approvals)
        for name in FORMS
    }
    return {**whole, **told}
