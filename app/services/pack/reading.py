"""Is an evidence pack what was packed, to the last byte? And whose word stands for it?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import AppError, BundleError
from app.services.bundle.container import Container, ContainerError
from app.services.bundle.manifest import is_safe_path
from app.services.bundle.reading import (
    BundleProblem,
    compare_members,
    hash_members,
    opened_container,
)
from app.services.pack.manifest import (
    CLIPS,
    EVIDENCE,
    MANIFEST,
    OUTSIDE_MANIFEST,
    README,
    RECORD,
    REPORT,
    SIGNATURE,
    SUMS,
    PackManifest,
    read_manifest,
    sums_bytes,
)
from app.services.pack.signature import LARGEST_BYTES, Signature, read_signature

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.ports import EventBus
    from app.services.bundle.manifest import BundledFile

STAGE = "check the pack"
LARGEST_MANIFEST = 64 << 20  # bytes; it is the only member that is read as a whole
BLOCK_BYTES = 1 << 20
PACK_SUFFIX = ".zip"


@dataclass(frozen=True, slots=True)
class PackVerification:
    """What was found; ``kind`` is ``pack``, or ``pdf`` for one beside its pack.

    ``missing`` was not there when it was packed: that is no change since.
    """

    kind: str
    files: int
    bytes: int
    problems: tuple[BundleProblem, ...]
    missing: tuple[str, ...] = ()
    chain_head: str | None = None
    manifest_sha256: str | None = None
    signature: Signature | None = None

    @property
    def ok(self) -> bool:
        """Whether every byte is as it was packed."""
        return not self.problems


def is_pack(path: Path) -> bool:
    """Whether a file is a pack rather than a bundle: by what is in it, else by its name.

    Raises:
        BundleError: It cannot be read.
    """
    with opened_container(path) as container:
        if isinstance(container, Container):
            return not {SUMS, REPORT}.isdisjoint(container.members)
        return path.suffix.lower() == PACK_SUFFIX


def verify_pack(path: Path, bus: EventBus, *, signed_by: str = "") -> PackVerification:
    """Check a pack, a block at a time; ``signed_by`` is the fingerprint that must have signed it.

    Raises:
        BundleError: There is no such file, or a later version made it.
    """
    with opened_container(path) as container:
        if isinstance(container, BundleProblem):
            return PackVerification("pack", 0, path.stat().st_size, (container,))
        return _Check(container, bus, signed_by).outcome()


def verify_pdf(path: Path, bus: EventBus, *, signed_by: str = "") -> PackVerification:
    """Check a report that lies beside its pack: whether it is the one in there, and the pack.

    Raises:
        BundleError: It cannot be read, or there is no pack beside it.
    """
    sha256 = _sha256(path)
    packs = [found for found in sorted(path.parent.glob(f"*{PACK_SUFFIX}")) if is_pack(found)]
    if not packs:
        raise BundleError(
            f"There is no evidence pack beside {path.name}.",
            remedy="Put its pack into the same folder: a PDF alone cannot be checked.",
        )
    holding = next((pack for pack in packs if _report_hash(pack) == sha256), None)
    if holding is None:
        others = ", ".join(pack.name for pack in packs)
        told = BundleProblem(path.name, "changed", f"it is not the {REPORT} that is in {others}")
        return PackVerification("pdf", 1, path.stat().st_size, (told,))
    outcome = verify_pack(holding, bus, signed_by=signed_by)
    return replace(outcome, kind="pdf", files=1, bytes=path.stat().st_size)


def _report_hash(pack: Path) -> str | None:
    with opened_container(pack) as container:
        if isinstance(container, BundleProblem) or REPORT not in container.members:
            return None
        digest = hashlib.sha256()
        try:
            for block in container.blocks(REPORT):
                digest.update(block)
        except ContainerError:
            return None  # told with the pack
        return digest.hexdigest()


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as cause:
        raise BundleError(
            f"{path} cannot be read: {cause.strerror or cause}.",
            remedy="Check the name and the permissions.",
        ) from cause


class _Check:
    def __init__(self, container: Container, bus: EventBus, signed_by: str) -> None:
        self._container = container
        self._bus = bus
        self._signed_by = signed_by
        self._problems: dict[str, BundleProblem] = {}

    def outcome(self) -> PackVerification:
        """Read everything once; what is small twice."""
        hashes = hash_members(self._container, self._bus, STAGE, self._tell)
        manifest = self._manifest(hashes)
        if manifest is not None:
            self._compare(manifest, hashes)
        self._compare_sums(hashes)
        signature = self._signature(hashes)
        heads = () if manifest is None else manifest.chain_heads
        return PackVerification(
            "pack",
            len(self._container.members),
            self._container.size,
            tuple(self._problems.values()),
            () if manifest is None else manifest.missing,
            heads[-1].sha256 if heads else None,
            hashes.get(MANIFEST),
            signature,
        )

    def _tell(self, path: str, reason: str, detail: str = "") -> None:
        self._problems.setdefault(path, BundleProblem(path, reason, detail))

    def _manifest(self, hashes: dict[str, str]) -> PackManifest | None:
        data = self._small(MANIFEST, hashes, LARGEST_MANIFEST)
        try:
            return None if data is None else read_manifest(data)
        except BundleError:
            raise
        except (ValueError, AppError) as cause:
            self._tell(MANIFEST, "unreadable", str(cause).rstrip("."))
            return None

    def _compare(self, manifest: PackManifest, hashes: dict[str, str]) -> None:
        listed = {file.path: file for file in manifest.files}
        compare_members(self._container, hashes, listed, OUTSIDE_MANIFEST, self._tell)
        if manifest.record_sha256 != hashes.get(RECORD, manifest.record_sha256):
            self._tell(MANIFEST, "changed", "it is of another record")
        clips = [name for name in listed if name.startswith(f"{CLIPS}/")]
        if [clip.path for clip in manifest.clips] != clips:
            self._tell(MANIFEST, "changed", "it does not tell its clips as it lists them")
        self._compare_order(listed)

    def _compare_order(self, listed: Mapping[str, BundledFile]) -> None:
        """Hold the order against the only one, and each name against what a pack may hold."""
        names = list(self._container.members)
        for name in (README, RECORD, REPORT, SUMS):
            if name not in names:
                self._tell(name, "missing")
        inner = [name for name in names if name.split("/")[0] in {CLIPS, EVIDENCE}]
        ending = [name for name in OUTSIDE_MANIFEST if name in names]
        if (
            names != [README, RECORD, *sorted(inner), *ending]
            or list(listed) != names[: len(listed)]
        ):
            self._tell(MANIFEST, "changed", "the members are not in their order")
        for name in names:
            if not is_safe_path(name):
                self._tell(name, "extra", "it has no place in a pack")

    def _compare_sums(self, hashes: dict[str, str]) -> None:
        data = self._small(SUMS, hashes, LARGEST_BYTES)
        if data is None or MANIFEST not in hashes or REPORT not in hashes:
            return  # told already
        if data == sums_bytes(hashes[MANIFEST], hashes[REPORT]):
            return
        lines = data.split(b"\n")
        is_of_report = sums_bytes(hashes[MANIFEST], hashes[REPORT]).split(b"\n")[1] in lines
        self._tell(MANIFEST if is_of_report else REPORT, "changed", f"it is not that of {SUMS}")

    def _signature(self, hashes: dict[str, str]) -> Signature | None:
        signature = None
        if SIGNATURE in self._container.members:
            signature = self._read_signature(hashes)
        if self._signed_by and (signature is None or signature.fingerprint != self._signed_by):
            who = "nobody" if signature is None else signature.fingerprint
            self._tell(SIGNATURE, "changed", f"it was signed by {who}, not {self._signed_by}")
        return signature

    def _read_signature(self, hashes: dict[str, str]) -> Signature | None:
        data = self._small(SIGNATURE, hashes, LARGEST_BYTES)
        signed = self._small(SUMS, hashes, LARGEST_BYTES)
        if data is None or signed is None:
            return None
        try:
            signature = read_signature(data, signed)
        except ValueError as cause:
            self._tell(SIGNATURE, "unreadable", str(cause))
            return None
        if not signature.valid:
            self._tell(SIGNATURE, "changed", f"it is not a signature of {SUMS}")
        return signature

    def _small(self, name: str, hashes: dict[str, str], largest: int) -> bytes | None:
        """Return a member that is whole and not too large; what is wrong with it is told."""
        if name not in self._container.members:
            self._tell(name, "missing")
        elif self._container.members[name].size > largest:
            self._tell(name, "unreadable", "it is too large")
        elif name in hashes:
            return self._container.read(name)
        return None
