"""Writes documents: what a person chose of them, on a lane of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.errors import WorkCancelledError
from app.domain.times import moment_text, now_utc
from app.services.export_run import ExportChoice
from ui.export.matter import ExportMatter
from ui.export.words import ending_of

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.ids import IncidentId
    from app.domain.timeline import TimelineEntry
    from app.services.program import Program
    from ui.background import Lanes
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident

LONGEST_NAME = 40
AS_IT_IS = ExportChoice()


class Exporting(QObject):
    """A document goes into the incident's own folder, unless a person names another place."""

    def __init__(
        self, program: Program, lanes: Lanes, window: MainWindow, incident: OpenIncident
    ) -> None:
        super().__init__(window)
        self._program = program
        self._lanes = lanes
        self._window = window
        self._incident = incident
        window.record.tools.export_requested.connect(self._on_form_requested)
        window.export.outlook_requested.connect(self._on_outlook_requested)
        window.export.export_requested.connect(self.export)
        incident.opened.connect(self._on_opened)
        lanes.exports.busy_changed.connect(self._on_busy_changed)

    @Slot(str, object, bool, object)
    def export(
        self,
        short_format: str,
        path: Path | None = None,
        replace: bool = False,  # noqa: FBT001, FBT002  a slot
        choice: ExportChoice = AS_IT_IS,
    ) -> None:
        """Write a document; without a path into the incident's folder, under a name of its own."""
        incident_id = self._incident.incident_id
        if incident_id is None:
            return
        self._window.status.say(self.tr("Writing the document…"))

        def write() -> Path:
            place = path or self._matter(incident_id).place(ending_of(short_format))
            place.parent.mkdir(parents=True, exist_ok=True)
            return self._program.exports.write(
                incident_id, format=short_format, path=place, overwrite=replace, choice=choice
            )

        self._lanes.exports.run(write, self._on_exported, self._on_refused)

    def stop(self) -> None:
        """Let no document that is being written hold up the end."""
        if self._lanes.exports.is_busy:
            self._program.exports.cancel()

    @Slot()
    def _on_form_requested(self) -> None:
        incident_id = self._incident.incident_id
        if incident_id is not None:
            self._lanes.storage.run(
                lambda: self._matter(incident_id), self._window.export.open_form
            )

    def _matter(self, incident_id: IncidentId) -> ExportMatter:
        record = self._program.incidents.record(incident_id)
        exports = self._program.exports
        return ExportMatter(
            formats=exports.formats,
            audience_formats=exports.audience_formats,
            sections=exports.sections,
            entries=[(e.id, _line(e)) for e in record.timeline() if e.in_report],
            folder=self._program.home.exports_dir(incident_id),
            stem=f"{file_stem(record.incident.title)}-{now_utc():%Y%m%d-%H%M%S}",
            actor=self._program.actor,
        )

    @Slot(object)
    def _on_outlook_requested(self, choice: ExportChoice) -> None:
        incident_id = self._incident.incident_id
        if incident_id is not None:
            self._lanes.storage.run(
                lambda: self._program.exports.outlook(incident_id, choice),
                lambda seen: self._window.export.show_outlook(choice, seen),
            )

    def _on_exported(self, path: Path) -> None:
        self._window.status.say(self.tr("Written: {0}").format(path))
        if path.suffix == ".pdf":
            self._window.record.show_report(path)

    def _on_refused(self, error: Exception) -> None:
        if isinstance(error, WorkCancelledError):  # as a person wanted it
            self._window.status.say(f"{error} {error.remedy}")
        else:
            self._lanes.exports.failed.emit(error)

    @Slot(str)
    def _on_opened(self, _incident_id: str) -> None:
        if self._window.export.isVisible():
            self._window.export.close_form()

    @Slot(bool)
    def _on_busy_changed(self, busy: bool) -> None:  # noqa: FBT001  a slot
        if not busy:
            self._window.status.show_work("")
            self._window.status.show_cancel("")


def _line(entry: TimelineEntry) -> str:
    when = "" if entry.occurred_at is None else moment_text(entry.occurred_at, entry.precision)
    return f"{entry.kind.letter}  {when}  {' '.join(entry.text.split())}"


def file_stem(title: str) -> str:
    """Return a title as the beginning of a file's name that every system takes."""
    words = re.sub(r"[^0-9a-z]+", "-", title.casefold()).strip("-")
    return words[:LONGEST_NAME].rstrip("-") or "incident"
