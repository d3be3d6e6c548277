"""What an evidence pack says of itself, and how its members are named.

::

    README.txt         how it is checked, what that proves and what it does not
    record.json        the record, as ``hotwash show --json`` prints it
    clips/…            what the cited words were heard in, FLAC, two seconds longer on both sides
    evidence/…         the files of the record's evidence
    manifest.json      every member above with size and hash; the heads of the audio's chains
    report.pdf         prints the hash of the manifest on its first page
    SHA256SUMS         the hashes of the manifest and of the PDF, as ``sha256sum -c`` reads them
    SHA256SUMS.sig     optional: who signed that, with Ed25519

Members stand in this order, those of clips and evidence by name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audio_files.format import SESSION_FILE
from app.audio_files.journal import read_journal
from app.domain.encoding import json_bytes, to_json_values
from app.domain.errors import AudioUnreadableError
from app.services.bundle.manifest import BundledFile, ChainHead, manifest_of
from app.services.record_json import record_sha256

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.record import Record

FORMAT, VERSION = "hotwash-pack", 1
README, RECORD, MANIFEST = "README.txt", "record.json", "manifest.json"
REPORT, SUMS, SIGNATURE = "report.pdf", "SHA256SUMS", "SHA256SUMS.sig"
CLIPS, EVIDENCE = "clips", "evidence"
OUTSIDE_MANIFEST = (MANIFEST, REPORT, SUMS, SIGNATURE)


@dataclass(frozen=True, slots=True)
class PackedClip:
    """A stretch of a track, in ms on its session, and the ids of what cites words of it."""

    path: str
    session_id: str
    track_id: str
    start_ms: int
    end_ms: int
    cited_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackManifest:
    """The contents; ``missing`` are what the report rests on and was not there to be packed."""

    incident_id: str
    title: str
    record_sha256: str
    chain_heads: tuple[ChainHead, ...]
    clips: tuple[PackedClip, ...]
    missing: tuple[str, ...]
    files: tuple[BundledFile, ...]
    format: str = FORMAT
    version: int = VERSION


def read_manifest(data: bytes) -> PackManifest:
    """Return the manifest that these bytes spell.

    Raises:
        BundleError: It is that of a later version.
        ValueError, InvalidRecordError: It is none.
    """
    return manifest_of(PackManifest, data, what="pack")


def sums_bytes(manifest_sha256: str, report_sha256: str) -> bytes:
    """Return the file that lists both, as it is spelled."""
    return f"{manifest_sha256}  {MANIFEST}\n{report_sha256}  {REPORT}\n".encode()


def contents_hash(record: Record, home: Home) -> str:
    """Return the hash (hex) that a report prints which leaves alone, without a pack.

    It is over the hash of the record's JSON, those of its evidence's files and the heads of its
    audio's chains: of what a pack of the same record would hold, but for the clips.
    """
    heads, _missing = chain_heads(record, home)
    files = {one.file: one.sha256 for one in record.evidence if one.file is not None}
    document = {
        "record_sha256": record_sha256(record),
        "chain_heads": to_json_values(heads),
        "evidence": [{"path": path, "sha256": files[path]} for path in sorted(files)],
    }
    return hashlib.sha256(json_bytes(document)).hexdigest()


def chain_heads(record: Record, home: Home) -> tuple[tuple[ChainHead, ...], tuple[str, ...]]:
    """Return the heads of the sessions' chains, and the sessions of which there is none."""
    found = [
        (session.id, _head(home.session_dir(record.incident.id, session.id)))
        for session in record.sessions
    ]
    heads = tuple(ChainHead(name, head) for name, head in found if head is not None)
    return heads, tuple(f"audio/{name}" for name, head in found if head is None)


def _head(folder: Path) -> str | None:
    """Return the hash of a journal's last line; None where no line fits its chain."""
    if not (folder / SESSION_FILE).is_file():
        return None
    try:
        journal = read_journal(folder)
    except AudioUnreadableError:
        return None
    return journal.head if journal.intact and journal.count else None
