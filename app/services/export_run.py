"""One export under way: what a person chose of it, how far it is, and whether to go on."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.domain.communications import Audience
from app.domain.errors import WorkCancelledError
from app.domain.events import EXPORTING, WorkProgressed

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.ids import EntryId
    from app.domain.ports import EventBus
    from app.domain.record import Record
    from app.domain.rules.findings import Finding

PAPERS = ("A4", "Letter")


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What a person chooses of a document; what a format has no use for changes nothing in it.

    Attributes:
        page_size: Paper of the PDF, one of ``PAPERS``.
        final_by: Who makes it final; what nobody makes final is a draft.
        audience: For whom it is written.
        approved_by: Who approved what leaves the house.
        leak_reason: Why that may go although the leak check found something in it.
        clips: Whether Markdown brings the cited audio along.
        sections_left_out: Names of sections that are not printed.
        entries_left_out: Entries that are not printed, beside those that the record keeps out.
        sign: Whether a pack is signed, where there is a key.
        passphrase: Opens the signing key where that lies in a file; empty where it does not.
    """

    page_size: str = "A4"
    final_by: str = ""
    audience: Audience = Audience.ENGINEERING
    approved_by: str = ""
    leak_reason: str = ""
    clips: bool = False
    sections_left_out: frozenset[str] = frozenset()
    entries_left_out: frozenset[EntryId] = frozenset()
    sign: bool = True
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a document would say and leave out, before it is made.

    ``entries`` are those of the timeline that it prints, ``kept_out`` those that the record keeps
    out, ``left_out`` those that a person's choice does; ``refusals`` keep it from being final.
    """

    entries: int
    kept_out: int
    left_out: int
    sections_left_out: tuple[str, ...]
    redactions: int
    refusals: tuple[Finding, ...]


def outlook(record: Record, choice: ExportChoice, refusals: tuple[Finding, ...]) -> Outlook:
    """Count what a document of this choice says."""
    shown = [entry for entry in record.entries if entry.in_report]
    printed = [entry for entry in shown if entry.id not in choice.entries_left_out]
    return Outlook(
        len(printed),
        len(record.entries) - len(shown),
        len(shown) - len(printed),
        tuple(sorted(choice.sections_left_out)),
        len(record.redactions),
        refusals,
    )


@dataclass(frozen=True, slots=True)
class ExportRun:
    """What a writer is handed; ``pack_hash`` is that of the pack's manifest, inside of one.

    ``before_leaving`` is done once the document is made and searched, before it takes its place.
    """

    choice: ExportChoice
    bus: EventBus
    cancelled: threading.Event = field(default_factory=threading.Event)
    pack_hash: str | None = None
    before_leaving: list[Callable[[], None]] = field(default_factory=list)

    def inside_pack(self, manifest_sha256: str) -> ExportRun:
        """Return the run of a document that goes into the pack of that manifest."""
        return replace(self, pack_hash=manifest_sha256)

    def tell(self, what: str, done: float, total: float) -> None:
        """Say how far it is.

        Raises:
            WorkCancelledError: A person wants it to end.
        """
        self.go_on()
        self.bus.publish(WorkProgressed(f"{EXPORTING}{what}", done, total))

    def go_on(self) -> None:
        """Go on, or not.

        Raises:
            WorkCancelledError: A person wants it to end.
        """
        if self.cancelled.is_set():
            raise WorkCancelledError(
                "Nothing was exported: you cancelled it.", remedy="What was there before stays."
            )
