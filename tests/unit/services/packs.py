"""An incident with a pack of it, without the window's and the report's own making."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.audio_files.reader import FolderAudioReader
from app.domain.encoding import json_bytes
from app.evidence_files.files import EvidenceFiles
from app.services.bundle.container import ContainerWriter
from app.services.clips import Clips
from app.services.exports import Exports
from app.services.pack.signing import SigningKeys
from app.services.pack.writing import PackDocument

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from app.services.export_run import ExportRun
    from tests.machines import Machine

PASSPHRASE = "correct horse battery"


class PlainReport:
    """A report that says only what pack it is of; any bytes do."""

    def write(self, record: Record, path: Path, run: ExportRun) -> None:
        path.write_bytes(f"%PDF-1.7 {record.incident.title} {run.pack_hash}".encode())


@dataclass
class MemorySecrets:
    """A keyring in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def remove(self, name: str) -> None:
        self.kept.pop(name, None)


def packing(machine: Machine, secrets: MemorySecrets | None = None) -> Exports:
    """Return what writes packs of a machine's incident."""
    keys = SigningKeys(machine.home, secrets or MemorySecrets())
    clips = Clips(machine.store, FolderAudioReader(), home=machine.home)
    files = EvidenceFiles(machine.home)
    document = PackDocument(PlainReport(), clips, files, keys, home=machine.home)
    return Exports(machine.store, machine.bus, {"pack": document, "pdf": PlainReport()})


def members_of(pack: bytes) -> dict[str, bytes]:
    """Return what a pack holds, in its order, as another program reads it."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    """Spell members as a pack does."""
    file = io.BytesIO()
    writer = ContainerWriter(file)
    for name, data in members.items():
        writer.add(name, io.BytesIO(data), len(data))
    writer.close()
    return file.getvalue()


def listed_anew(members: dict[str, bytes]) -> dict[str, bytes]:
    """List changed members as a forger would: manifest and sums fit, the signature cannot."""
    manifest = json.loads(members["manifest.json"])
    outside = {"manifest.json", "report.pdf", "SHA256SUMS", "SHA256SUMS.sig"}
    manifest["files"] = [
        {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in members.items()
        if name not in outside
    ]
    manifest["record_sha256"] = hashlib.sha256(members["record.json"]).hexdigest()
    spelled = json_bytes(manifest)
    sums = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n"
        for name, data in (("manifest.json", spelled), ("report.pdf", members["report.pdf"]))
    )
    return members | {"manifest.json": spelled, "SHA256SUMS": sums.encode()}
