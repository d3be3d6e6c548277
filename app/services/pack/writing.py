"""Use case: pack what a report rests on into one file."""

from __future__ import annotations

import io
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from app.domain.errors import AudioUnreadableError, EvidenceError, ExportError
from app.domain.events import ProblemArose
from app.services.bundle.container import ContainerError, ContainerWriter
from app.services.bundle.manifest import BundledFile, is_safe_path, manifest_bytes
from app.services.pack.cited import cited_stretches
from app.services.pack.manifest import (
    CLIPS,
    EVIDENCE,
    MANIFEST,
    README,
    RECORD,
    REPORT,
    SIGNATURE,
    SUMS,
    PackedClip,
    PackManifest,
    chain_heads,
    sums_bytes,
)
from app.services.pack.readme import README_TEXT
from app.services.record_json import record_bytes

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from app.domain.home import Home
    from app.domain.record import Record
    from app.evidence_files.files import EvidenceFiles
    from app.services.bundle.manifest import ChainHead
    from app.services.clips import Clips
    from app.services.export_run import ExportRun
    from app.services.exports import DocumentWriter
    from app.services.pack.cited import CitedStretch
    from app.services.pack.signing import SigningKeys

STAGE = "the evidence pack"


class PackDocument:
    """Writes evidence packs; one of the formats of ``Exports``."""

    def __init__(
        self,
        report: DocumentWriter,
        clips: Clips,
        evidence: EvidenceFiles,
        keys: SigningKeys,
        *,
        home: Home,
    ) -> None:
        self._report = report
        self._clips = clips
        self._evidence = evidence
        self._keys = keys
        self._home = home

    def write(self, record: Record, path: Path, run: ExportRun) -> None:
        """Write the pack; tells what is missing of it.

        Raises:
            ExportError: It cannot be made or written.
            SigningKeyError: There is a key to sign with, and it does not open.
            WorkCancelledError: A person wants it to end.
        """
        # Asked before the work: nobody is to wait for a pack that then cannot be signed.
        signer = self._keys.signer(run.choice.passphrase) if run.choice.sign else None
        packing = _Packing(record, run)
        try:
            with path.open("w+b") as file:
                packing.begin(file)
                self._add_clips(packing)
                self._add_evidence(packing)
                heads, without = chain_heads(record, self._home)
                packing.missing += without
                manifest_sha256 = packing.add_manifest(heads)
                report = path.with_name(f"{path.name}-{REPORT}")
                self._report.write(record, report, run.inside_pack(manifest_sha256))
                sums = packing.add_report(report, manifest_sha256)
                if signer is not None:
                    packing.add_bytes(SIGNATURE, signer.signature_file(sums))
                packing.close()
        except ContainerError as cause:
            raise ExportError(
                f"{cause.name}: {cause}.", remedy="Export it again; nothing was written."
            ) from cause
        if packing.missing:
            run.bus.publish(ProblemArose(_without(packing.missing)))

    def _add_clips(self, packing: _Packing) -> None:
        stretches = cited_stretches(packing.record, packing.run.choice.entries_left_out)
        for number, stretch in enumerate(stretches, start=1):
            packing.run.tell(STAGE, number, len(stretches) + 1)
            name = _clip_name(packing.record, number, stretch)
            try:
                sound = self._clips.flac(
                    packing.record.incident.id,
                    stretch.track_id,
                    stretch.start_ms,
                    stretch.end_ms,
                )
            except AudioUnreadableError:
                packing.missing.append(name)
            else:
                packing.add_clip(name, stretch, sound)

    def _add_evidence(self, packing: _Packing) -> None:
        files = {one.file: one for one in packing.record.evidence if one.file is not None}
        for file in sorted(files):
            name = f"{EVIDENCE}/{PurePosixPath(file)}"
            try:
                path = self._evidence.intact(files[file])
            except EvidenceError:
                packing.missing.append(name)
                continue
            if not is_safe_path(name):
                packing.missing.append(name)
                continue
            with path.open("rb") as opened:
                packing.add_file(name, opened, path.stat().st_size)
            packing.run.go_on()


class _Packing:
    """A pack under way, member by member."""

    def __init__(self, record: Record, run: ExportRun) -> None:
        self.record = record
        self.run = run
        self.missing: list[str] = []
        self._files: list[BundledFile] = []
        self._packed_clips: list[PackedClip] = []

    def begin(self, file: BinaryIO) -> None:
        self._writer = ContainerWriter(file)
        self.add_bytes(README, README_TEXT.encode())
        self._record_sha256 = self.add_bytes(RECORD, record_bytes(self.record))

    def add_bytes(self, name: str, data: bytes) -> str:
        return self.add_file(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, source: BinaryIO, size: int) -> str:
        sha256 = self._writer.add(name, source, size)
        self._files.append(BundledFile(name, size, sha256))
        return sha256

    def add_clip(self, name: str, stretch: CitedStretch, sound: bytes) -> None:
        self.add_bytes(name, sound)
        self._packed_clips.append(
            PackedClip(
                name,
                stretch.session_id,
                stretch.track_id,
                stretch.start_ms,
                stretch.end_ms,
                stretch.cited_by,
            )
        )

    def add_manifest(self, heads: tuple[ChainHead, ...]) -> str:
        """Add what lists everything so far; return its hash."""
        manifest = PackManifest(
            incident_id=self.record.incident.id,
            title=self.record.incident.title,
            record_sha256=self._record_sha256,
            chain_heads=heads,
            clips=tuple(self._packed_clips),
            missing=tuple(sorted(self.missing)),
            files=tuple(self._files),
        )
        return self.add_bytes(MANIFEST, manifest_bytes(manifest))

    def add_report(self, report: Path, manifest_sha256: str) -> bytes:
        """Move the report in; return the file that lists it and the manifest, added as well."""
        with report.open("rb") as opened:
            sha256 = self.add_file(REPORT, opened, report.stat().st_size)
        report.unlink()
        sums = sums_bytes(manifest_sha256, sha256)
        self.add_bytes(SUMS, sums)
        return sums

    def close(self) -> None:
        self._writer.close()


def _clip_name(record: Record, number: int, stretch: CitedStretch) -> str:
    track = next(track for track in record.tracks if track.id == stretch.track_id)
    seconds = stretch.start_ms // 1000
    at = f"{seconds // 3600:02}h{seconds // 60 % 60:02}m{seconds % 60:02}s"
    return f"{CLIPS}/{number:04}-{track.label.value}-{at}.flac"


def _without(missing: list[str]) -> ExportError:
    return ExportError(
        f"The pack was written without what is not there: {', '.join(sorted(missing))}.",
        remedy="Put the files back from a backup and export again, if they are to go with it.",
    )
