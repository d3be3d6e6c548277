"""Takes selected words out of the record for good, once a person has said why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.times import MS_PER_SECOND
from ui.transcript.row import MarkerRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.redaction_plan import Reach
    from app.services.program import Program
    from app.services.redaction_extent import Preview, Redacted
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident


class Redacting(QObject):
    """Redaction rewrites files and copies of the database: it has the lane of long work."""

    def __init__(
        self, program: Program, work: Lane, window: MainWindow, incident: OpenIncident
    ) -> None:
        super().__init__(window)
        self._desk = program.redaction
        self._work = work
        self._window = window
        self._incident = incident
        self._told = ""
        self._previews = 0  # so many were asked for: only the last is of use to anybody
        window.transcript.view.redact_requested.connect(self._on_requested)
        window.redact.preview_requested.connect(self._on_preview_requested)
        window.redact.redact_requested.connect(self._on_redact_requested)
        window.redact.closed.connect(self._on_closed)
        incident.opened.connect(self._on_opened)

    @Slot()
    def _on_requested(self) -> None:
        spans, length_ms = [], 0
        for row, first, last in self._window.transcript.view.selected_rows():
            if isinstance(row, MarkerRow):
                continue
            part = row.passage(first, last)
            length_ms += part.end_ms - part.start_ms
            words = "" if first is None or last is None else f"[{first}:{last + 1}]"
            spans.append(f"{row.segment.id}{words}")
        if spans:
            seconds = max(1, round(length_ms / MS_PER_SECOND))
            self._told = self.tr("Redact {0} s on every track?").format(seconds)
            self._window.redact.open_form(self._told, spans)

    @Slot(object, object)
    def _on_preview_requested(self, spans: Sequence[str], reach: Reach | None) -> None:
        incident_id = self._incident.incident_id
        if incident_id is None:
            return
        self._previews += 1
        asked = self._previews

        def look() -> Preview | None:  # what waited while a newer one was asked for is not begun
            is_wanted = asked == self._previews
            return self._desk.preview(incident_id, spans, reach=reach) if is_wanted else None

        self._work.run(
            look,
            lambda preview: self._on_previewed(spans, reach, preview),
            lambda error: self._on_preview_refused(asked, error),
        )

    def _on_previewed(
        self, spans: Sequence[str], reach: Reach | None, preview: Preview | None
    ) -> None:
        if preview is None:
            return
        extent = preview.extent
        left = [self.tr("stays: {0}: {1}").format(place, why) for place, why in extent.left]
        files = [self.tr("rewritten: {0}").format(path) for path in extent.files]
        removed = [self.tr("removed: {0}").format(path) for path in extent.removed]
        lines = [*preview.lines(), *left, *removed, *files]
        told = f"{self._told} {preview.sought_line()}"
        self._window.redact.show_preview(spans, reach, told, lines, len(preview.holding))

    def _on_preview_refused(self, asked: int, error: Exception) -> None:
        if asked == self._previews:
            self._window.redact.close_form()
        self._work.failed.emit(error)

    @Slot(object, str, object)
    def _on_redact_requested(self, spans: Sequence[str], reason: str, reach: Reach | None) -> None:
        incident_id = self._incident.incident_id
        if incident_id is None:
            return
        self._window.status.show_work(self.tr("Redacting"))
        self._work.run(
            lambda: self._desk.redact(incident_id, spans, reason=reason, reach=reach),
            self._on_redacted,
            lambda error: self._on_refused(error, spans, reason),
        )

    def _on_redacted(self, done: Redacted) -> None:
        extent = done.extent
        self._window.status.say(self.tr("Redacted, in {0} lines.").format(extent.segments))
        by_reason: dict[str, list[str]] = {}
        for place, why in extent.left:
            by_reason.setdefault(why, []).append(place)
        for why, places in by_reason.items():
            told = self.tr("Left as it is: {0}.").format(", ".join(places))
            self._window.banner.show_problem(told, why)

    def _on_refused(self, error: Exception, spans: Sequence[str], reason: str) -> None:
        self._work.failed.emit(error)
        self._window.redact.open_form(self._told, spans, reason)

    @Slot()
    def _on_closed(self) -> None:
        self._previews += 1  # none that waits is wanted

    @Slot(str)
    def _on_opened(self, _incident_id: str) -> None:
        if self._window.redact.isVisible():
            self._window.redact.close_form()
