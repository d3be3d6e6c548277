"""Use case: write a document of the record."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from app.audio_files import durable
from app.domain.communications import Audience
from app.domain.errors import ExportError
from app.domain.rules.findings import Level
from app.services.export_run import ExportChoice, ExportRun, outlook
from app.services.export_staging import cannot_be_written, refuse_to_overwrite, staged
from app.services.record_json import record_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.ids import IncidentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Record
    from app.domain.rules.findings import Finding
    from app.services.checking import Checking
    from app.services.export_run import Outlook
    from app.services.redaction_check import RedactionCheck

DRAFT_CHOICE = ExportChoice()


class DocumentWriter(Protocol):
    """Makes one kind of document."""

    def write(self, record: Record, path: Path, run: ExportRun) -> None:
        """Write the document to a path in a folder of its own, where nothing is yet.

        Raises:
            ExportError: It cannot be made, or not be written there.
            WorkCancelledError: A person wants it to end.
        """


class JsonDocument:
    """The whole record, with its schema version."""

    def write(self, record: Record, path: Path, _run: ExportRun) -> None:
        """Write the record as JSON."""
        path.write_bytes(record_bytes(record))


class NotFinalError(ExportError):
    """Rules refuse the final document; ``findings`` say which, and where."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first, more = findings[0], len(findings) - 1
        others = f" and {more} more" if more else ""
        super().__init__(
            f"It cannot be final yet: {first.rule} {first.message}{others}",
            remedy="Mend what “hotwash check” lists as E, or export a draft, without --final.",
        )
        self.findings = findings


class Exports:
    """Writes documents; formats are names such as ``pdf``.

    A document is made aside, searched for what was redacted, and put in its place whole.
    """

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        writers: Mapping[str, DocumentWriter],
        *,
        checking: Checking | None = None,
        redaction_check: RedactionCheck | None = None,
        sections: tuple[str, ...] = (),
        audience_formats: frozenset[str] = frozenset(),
    ) -> None:
        """``sections`` are the names of those that a report can be made without.

        ``audience_formats`` are those that tell others than engineers what is meant for them.
        """
        self._store = store
        self._bus = bus
        self._writers = writers
        self._checking = checking
        self._redaction_check = redaction_check
        self.sections = sections
        self.audience_formats = audience_formats
        self._cancelled = threading.Event()

    @property
    def formats(self) -> list[str]:
        """The formats there are."""
        return sorted(self._writers)

    def write(
        self,
        incident_id: IncidentId,
        *,
        format: str,  # noqa: A002  the command line calls it so
        path: Path,
        overwrite: bool = False,
        choice: ExportChoice = DRAFT_CHOICE,
    ) -> Path:
        """Write the incident's document and return where it is.

        Raises:
            NotFinalError: It is to be final, and rules refuse that.
            ExportError: There is no such format or folder, the file exists, it cannot be
                written, or it would tell what was redacted.
            WorkCancelledError: ``cancel`` was called meanwhile.
        """
        self._cancelled.clear()
        writer = self._writers.get(format)
        if writer is None:
            raise ExportError(
                f"There is no format “{format}”.", remedy=f"Choose {', '.join(self.formats)}."
            )
        if choice.audience is not Audience.ENGINEERING and format not in self.audience_formats:
            raise ExportError(
                f"The whole incident stands in “{format}”, which is for engineers alone.",
                remedy=f"For others choose {', '.join(sorted(self.audience_formats))}.",
            )
        _refuse_folder(path)
        refuse_to_overwrite(path, overwrite=overwrite)
        record = self._store.record(incident_id)
        if choice.final_by:
            self._refuse_unfinished(record)
        run = ExportRun(choice, self._bus, self._cancelled)
        with staged(path, overwrite=overwrite) as draft:
            writer.write(record, draft, run)
            run.go_on()
            if self._redaction_check is not None:
                self._redaction_check.refuse(record, draft.parent)
            run.go_on()
            for step in run.before_leaving:
                step()
        return path

    def outlook(self, incident_id: IncidentId, choice: ExportChoice = DRAFT_CHOICE) -> Outlook:
        """Return what a document would say and leave out; writes nothing."""
        record = self._store.record(incident_id)
        return outlook(record, choice, self._refusals(record))

    def cancel(self) -> None:
        """Have a ``write`` on another thread end, and leave nothing."""
        self._cancelled.set()

    def _refuse_unfinished(self, record: Record) -> None:
        findings = self._refusals(record)
        if findings:
            raise NotFinalError(findings)

    def _refusals(self, record: Record) -> tuple[Finding, ...]:
        if self._checking is None:
            return ()
        findings = self._checking.findings(record)
        return tuple(finding for finding in findings if finding.level is Level.REFUSE)


def _refuse_folder(path: Path) -> None:
    """Refuse before anything is made: a folder that is not there was more likely mistyped."""
    if not path.parent.is_dir():
        raise ExportError(
            f"There is no folder {path.parent}.",
            remedy="Make it first, or choose a folder that is there.",
        )
    if path.is_dir():
        raise ExportError(f"{path} is a folder.", remedy="Name the file that is to be in it.")


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never a half.

    Raises:
        ExportError: The folder is missing or cannot be written, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write_atomically(path, content, mode=0o600)
    except OSError as cause:
        raise cannot_be_written(path, cause) from cause
