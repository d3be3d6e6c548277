"""The texts for audiences of ``drafting``, as the services know documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.domain.communications import Audience
from app.domain.errors import ExportError
from app.services.approvals import Approval
from drafting.audiences.brief import brief

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from app.report_documents import Report
    from app.services.approvals import Approvals
    from app.services.export_run import ExportRun
    from drafting.audiences.templates import AudienceTemplates


@dataclass(frozen=True, slots=True)
class ForAudiences:
    """A format in which engineers read the whole report, and others the text that is for them.

    ``has_report`` is whether the whole report has that form, too.
    """

    form: str
    report: Report
    has_report: bool
    templates: AudienceTemplates
    approvals: Approvals

    def write(self, record: Record, path: Path, run: ExportRun) -> None:
        """Write what is for the audience that was chosen.

        Raises:
            TemplateError: The audience's template does not do.
            NotApprovedError: It is for people outside, and may not go to them, or not yet.
            ExportError: The whole report has no such form.
        """
        audience = run.choice.audience
        if audience is not Audience.ENGINEERING:
            self._write_brief(record, audience, path, run)
        elif self.has_report:
            self.report.write(record, path, run)
        else:
            raise ExportError(
                f"The whole report is not written as “{self.form}”.",
                remedy="Choose md, html, docx or pdf, or an audience: --audience support.",
            )

    def _write_brief(self, record: Record, audience: Audience, path: Path, run: ExportRun) -> None:
        options = self.report.options(record, run)
        made = brief(record, audience, self.templates, options)
        if audience.is_external:
            approval = Approval(run.choice.approved_by, run.choice.leak_reason)
            self.approvals.require(record, made.text, approval)
            keep = partial(self.approvals.keep, record, audience, made.text, made.facts_used)
            run.before_leaving.append(partial(keep, approval))
        path.write_bytes(made.content(self.form, options))
