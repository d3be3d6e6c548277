"""Is a bundle what was packed, to the last byte? And what is in it."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from app.domain.bookkeeping import Bookkeeping
from app.domain.errors import AppError, BundleError
from app.domain.events import WorkProgressed
from app.domain.merging import Copy
from app.services.bundle.container import Container, ContainerError
from app.services.bundle.manifest import (
    AUDIO,
    BOOKS,
    EVIDENCE,
    MANIFEST,
    MAX_JSON,
    RECORD,
    Manifest,
    canonical_json,
    from_values,
    is_safe_path,
    read_manifest,
)
from app.services.bundle.sessions import FilesFound, check_sessions
from app.services.bundle.soundness import sound_record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from app.domain.ids import SessionId
    from app.domain.ports import EventBus
    from app.domain.sessions import ClockEvent, Gap
    from app.services.bundle.manifest import BundledFile

T = TypeVar("T")

STAGE = "check the bundle"
UNREADABLE = (ValueError, AppError)  # of bytes that others wrote; each is told with its place

BEGINS_WITH = b"PK\x03\x04"  # every ZIP with something in it


@dataclass(frozen=True, slots=True)
class BundleProblem:
    """What is wrong with a member, or with the file as a whole; ``detail`` says it in words."""

    path: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BundleVerification:
    """What was found; as for an incident, and the hash of the manifest.

    ``missing`` was not there when it was packed, or not as recorded: that is no change since.
    """

    files: int
    bytes: int
    problems: tuple[BundleProblem, ...]
    gaps: tuple[Gap, ...] = ()
    clock_events: tuple[tuple[SessionId, ClockEvent], ...] = ()
    missing: tuple[str, ...] = ()
    chain_head: str | None = None
    manifest_sha256: str | None = None

    @property
    def ok(self) -> bool:
        """Whether every byte is as it was packed."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Bundle:
    """An open bundle in which nothing is wrong."""

    container: Container
    manifest: Manifest
    copy: Copy
    hashes: dict[str, str]


def verify_bundle(path: Path, bus: EventBus) -> BundleVerification:
    """Check a bundle.

    Raises:
        BundleError: There is no such file, or a later version made it.
    """
    with opened_container(path) as container:
        if isinstance(container, BundleProblem):
            return BundleVerification(0, path.stat().st_size, (container,))
        return _Check(container, bus).outcome()


@contextlib.contextmanager
def reading_bundle(path: Path, bus: EventBus) -> Iterator[Bundle]:
    """Give a bundle that has been checked as a whole.

    Raises:
        BundleError: Something is wrong with it; it names the member.
    """
    with opened_container(path) as container:
        if isinstance(container, BundleProblem):
            raise _refusal(path, container)
        check = _Check(container, bus)
        outcome = check.outcome()
        if outcome.problems or check.manifest is None or check.copy is None:
            raise _refusal(path, outcome.problems[0])
        yield Bundle(container, check.manifest, check.copy, check.hashes)


@contextlib.contextmanager
def opened_container(path: Path) -> Iterator[Container | BundleProblem]:
    """Give what a file holds, or what is wrong with it as a whole.

    Raises:
        BundleError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            try:
                found: Container | BundleProblem = Container(file)
            except ContainerError as cause:
                found = BundleProblem(path.name, "unreadable", str(cause))
            yield found
    except OSError as cause:
        raise BundleError(
            f"{path} cannot be read: {cause.strerror or cause}.",
            remedy="Check the name and the permissions.",
        ) from cause


def _refusal(path: Path, problem: BundleProblem) -> BundleError:
    with path.open("rb") as file:
        if file.read(len(BEGINS_WITH)) != BEGINS_WITH:
            return BundleError(
                f"{path.name} is no bundle of Hotwash.",
                remedy="Choose a file that “hotwash export --format bundle” has written.",
            )
    detail = f" ({problem.detail})" if problem.detail else ""
    return BundleError(
        f"{path.name} is not as it was packed: {problem.path} is {problem.reason}{detail}.",
        remedy="Nothing was opened. Copy it again, or ask for it to be exported again.",
    )


def hash_members(
    container: Container, bus: EventBus, stage: str, tell: Callable[..., None]
) -> dict[str, str]:
    """Return the hashes of the members that are whole; ``tell`` is told of the others."""
    hashes, done = {}, 0
    for name in container.members:
        digest = hashlib.sha256()
        try:
            for block in container.blocks(name):
                digest.update(block)
                done += len(block)
        except ContainerError as cause:
            tell(name, "changed", str(cause))
            continue
        hashes[name] = digest.hexdigest()
        bus.publish(WorkProgressed(stage, done, container.size))
    return hashes


def compare_members(
    container: Container,
    hashes: Mapping[str, str],
    listed: Mapping[str, BundledFile],
    unlisted: Collection[str],
    tell: Callable[..., None],
) -> None:
    """Hold the members against a list of them; ``unlisted`` are those that it does not name."""
    for name in container.members:
        if name not in unlisted and name not in listed:
            tell(name, "extra")
    for name, file in listed.items():
        member = container.members.get(name)
        if member is None:
            tell(name, "missing")
        elif name in hashes and (member.size, hashes[name]) != (file.bytes, file.sha256):
            tell(name, "changed")


class _Check:
    def __init__(self, container: Container, bus: EventBus) -> None:
        self._container = container
        self._bus = bus
        self._problems: dict[str, BundleProblem] = {}
        self.manifest: Manifest | None = None
        self.copy: Copy | None = None
        self.hashes: dict[str, str] = {}

    def outcome(self) -> BundleVerification:
        """Read everything once; the small members twice."""
        self.hashes = hash_members(self._container, self._bus, STAGE, self._tell)
        self.manifest = self._manifest()
        self._compare_contents()
        self.copy = self._copy()
        found = FilesFound()
        if self.copy is not None and self.manifest is not None:
            found = check_sessions(self._container, self.copy.record, self.manifest, self.hashes)
            for told in found.problems:
                self._tell(*told)
            self._compare_manifest(self.manifest, self.copy, found.heads)
        return BundleVerification(
            files=len(self._container.members),
            bytes=self._container.size,
            problems=tuple(self._problems.values()),
            gaps=tuple(found.gaps),
            clock_events=tuple(found.clock_events),
            missing=() if self.manifest is None else tuple(self.manifest.missing),
            chain_head=list(found.heads.values())[-1] if found.heads else None,
            manifest_sha256=self.hashes.get(MANIFEST),
        )

    def _tell(self, path: str, reason: str, detail: str = "") -> None:
        self._problems.setdefault(path, BundleProblem(path, reason, detail))

    def _manifest(self) -> Manifest | None:
        if MANIFEST not in self._container.members:
            self._tell(MANIFEST, "missing")
            return None
        try:
            return read_manifest(self._container.read(MANIFEST))
        except ContainerError:
            return None  # told above
        except BundleError:
            raise
        except UNREADABLE as cause:
            self._tell(MANIFEST, "unreadable", str(cause))
            return None

    def _compare_contents(self) -> None:
        """Hold the members against the manifest, and their order against the only one."""
        if self.manifest is None:
            return
        listed = {file.path: file for file in self.manifest.files}
        compare_members(self._container, self.hashes, listed, {MANIFEST}, self._tell)
        names = list(self._container.members)
        self._compare_order(names, list(listed))

    def _compare_order(self, names: list[str], listed: list[str]) -> None:
        for name in (RECORD, BOOKS):
            if name not in names:
                self._tell(name, "missing")
        others = sorted(name for name in names if name not in {RECORD, BOOKS, MANIFEST})
        if names != [RECORD, BOOKS, *others, MANIFEST] or names[:-1] != listed:
            self._tell(MANIFEST, "changed", "the members are not in their order")
        for name in others:
            if not is_safe_path(name) or name.split("/")[0] not in {AUDIO, EVIDENCE}:
                self._tell(name, "extra", "it has no place in a bundle")

    def _copy(self) -> Copy | None:
        record = self._json(RECORD, sound_record)
        books = self._json(BOOKS, lambda values: from_values(Bookkeeping, values, BOOKS))
        return None if record is None or books is None else Copy(record, books)

    def _json(self, name: str, make: Callable[[object], T]) -> T | None:
        if name not in self._container.members:
            self._tell(name, "missing")
        elif self._container.members[name].size > MAX_JSON:
            self._tell(name, "unreadable", "it is too large")
        elif name in self.hashes:
            try:
                return make(canonical_json(self._container.read(name)))
            except UNREADABLE as cause:
                self._tell(name, "unreadable", str(cause).rstrip("."))
        return None

    def _compare_manifest(self, manifest: Manifest, copy: Copy, heads: dict[str, str]) -> None:
        about = copy.record.incident
        stated = (manifest.incident_id, manifest.title, manifest.record_sha256)
        if stated != (about.id, about.title, self.hashes.get(RECORD)):
            self._tell(MANIFEST, "changed", "it is of another record")
        if {head.session_id: head.sha256 for head in manifest.chain_heads} != heads:
            self._tell(MANIFEST, "changed", "it is of other recordings")
