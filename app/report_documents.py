"""The reports of ``drafting``, as the services know documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from app.branding_file import read_branding
from app.domain.glossary import NO_TERMS
from app.domain.times import now_utc
from app.services.glossary_file import read_glossary
from app.services.pack.manifest import contents_hash
from app.services.recognition_reach import unheard
from app.services.record_json import record_sha256
from drafting.options import PageSize, ReportOptions, Section

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.cadence import Cadence
    from app.domain.glossary import Glossary
    from app.domain.home import Home
    from app.domain.ports import Clock, RecordStore
    from app.domain.record import Record
    from app.services.export_run import ExportRun


class Form(Protocol):
    """A form of the report in ``drafting``, or a part of it such as its timeline."""

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write it; the path is free.

        Raises:
            ExportError: It cannot be made, or not be written.
        """


@dataclass(frozen=True, slots=True)
class Report:
    """A report of ``drafting`` as the services know documents."""

    report: Form
    store: RecordStore
    home: Home
    cadence: Cadence
    clock: Clock = now_utc

    def write(self, record: Record, path: Path, run: ExportRun) -> None:
        """Write the report."""
        self.report.write(record, path, options=self.options(record, run))

    def options(self, record: Record, run: ExportRun) -> ReportOptions:
        """Return what a person chose of it, with the hash of what it rests on.

        Raises:
            ExportError: The team's branding cannot be used.
            GlossaryError: Its glossary cannot be used.
        """
        choice = run.choice
        return ReportOptions(
            made_at=self.clock(),
            record_sha256=record_sha256(record),
            manifest_hash=run.pack_hash or contents_hash(record, self.home),
            in_pack=run.pack_hash is not None,
            page_size=cast("PageSize", choice.page_size),  # another one is refused there
            unheard=unheard(record, self.store),
            final_by=choice.final_by,
            sections_left_out=frozenset(map(Section, choice.sections_left_out)),
            entries_left_out=choice.entries_left_out,
            clips=choice.clips,
            cadence=self.cadence,
            glossary=self._glossary(),
            branding=read_branding(self.home.branding),
        )

    def _glossary(self) -> Glossary:
        path = self.home.glossary
        return read_glossary(path) if path.exists() else NO_TERMS
