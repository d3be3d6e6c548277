"""Use case: paint over parts of a picture of evidence, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import EvidenceError, InvalidRecordError
from app.domain.events import RecordChanged
from app.domain.redaction_plan import plan_redaction
from app.domain.times import iso_utc, now_utc
from app.evidence_files.pictures import painted_over
from app.services.redaction_files import FileSearch
from app.services.redaction_sweep import begin, finish, is_pending, put_in_place, remove_exports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.evidence import Box, Evidence
    from app.domain.home import Home
    from app.domain.ids import EvidenceId, IncidentId
    from app.domain.ports import AudioArchive, EventBus, RecordStore
    from app.domain.record_rewriter import RecordRewriter
    from app.evidence_files.files import EvidenceFiles


class PictureRedaction:
    """The file goes first, the record last; the same call again completes what was cut off."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        files: EvidenceFiles,
        *,
        home: Home,
        archive: AudioArchive,
        rewriter: RecordRewriter,
        actor: str,
    ) -> None:
        self._store = store
        self._bus = bus
        self._files = files
        self._home = home
        self._archive = archive
        self._rewriter = rewriter
        self._actor = actor

    def redact(
        self,
        incident_id: IncidentId,
        evidence_id: EvidenceId,
        boxes: Sequence[Box],
        *,
        reason: str,
    ) -> Evidence:
        """Paint boxes of the upright picture black; its small copies and all documents go.

        What stood in the boxes is in no file any more, nor what the picture told beside its
        pixels. The record names the new file, as if it had been that from the beginning.

        Raises:
            EvidenceError: It is no picture, not as it was recorded, or a box lies outside of it.
            InvalidRecordError: There is no box, or no reason.
            StorageError: The database or a file cannot be written.
        """
        if not boxes or not reason.strip():
            raise InvalidRecordError(
                "boxes" if not boxes else "reason", "there is none", remedy="Nothing was changed."
            )
        if is_pending(self._home, incident_id):
            self._rewrite(incident_id, None, b"", "a redaction that was cut off")
        evidence = self._evidence(incident_id, evidence_id)
        path = self._files.intact(evidence)
        content = painted_over(path, boxes)
        small = self._files.thumbnails(incident_id) / f"{evidence.sha256}.png"
        small.unlink(missing_ok=True)
        self._rewrite(incident_id, path, content, f"redact a picture: {reason.strip()}")
        return self._evidence(incident_id, evidence_id)

    def _evidence(self, incident_id: IncidentId, evidence_id: EvidenceId) -> Evidence:
        known = self._store.record(incident_id).evidence
        found = next((one for one in known if one.id == evidence_id), None)
        if found is None:
            raise EvidenceError(
                f"There is no evidence {evidence_id}.", remedy="See “hotwash evidence ID”."
            )
        return found

    def _rewrite(
        self, incident_id: IncidentId, path: Path | None, content: bytes, label: str
    ) -> None:
        """Put the content in the file's place; then let the record know every file so changed."""
        plan = plan_redaction(incident_id, (), (), ())
        search = FileSearch(self._home, plan, self._archive, self._rewriter)
        begin(self._home, incident_id)
        at = iso_utc(now_utc())
        hashes = put_in_place(search, path, content, at=at, by=self._actor)
        remove_exports(self._home, incident_id)
        self._rewriter.rewrite(plan, (), hashes=hashes, by=self._actor, label=label)
        finish(self._home, incident_id)
        self._bus.publish(RecordChanged(incident_id, None))
