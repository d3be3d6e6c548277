"""What a bundle says of itself, and how its members are named and spelled.

::

    record.json             the record, as ``hotwash show --json`` prints it
    bookkeeping.json        how far recognition has come; which steps an undo passes over
    audio/<session>/…       session.json, journal.jsonl and the sealed files, as they were stored
    evidence/…              the files of the record's evidence
    manifest.json           every other member with size and hash; the heads of the audio's chains

Members stand in this order, those of audio and evidence by name. Equal records with equal files
make equal bundles, byte by byte.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import Any, NoReturn, TypeVar, cast

from app.domain.encoding import from_json_values, json_bytes, to_json_values
from app.domain.errors import BundleError

FORMAT, VERSION = "hotwash-bundle", 1
RECORD, BOOKS, MANIFEST = "record.json", "bookkeeping.json", "manifest.json"
AUDIO, EVIDENCE = "audio", "evidence"
MAX_JSON = 512 << 20  # bytes; 20 000 segments with their words are 40 MB
LARGEST_INT = 2**63 - 1  # what the database can keep

PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
# Told apart by some systems only, or with a meaning of their own on one of them.
UNSAFE = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST_NAME = 255  # bytes of one part of a path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BundledFile:
    """One member."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The hash of the last line of a session's journal."""

    session_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents; ``missing`` are what the record speaks of and was not there to be packed."""

    incident_id: str
    title: str
    record_sha256: str
    chain_heads: tuple[ChainHead, ...]
    missing: tuple[str, ...]
    files: tuple[BundledFile, ...]
    format: str = FORMAT
    version: int = VERSION


def manifest_bytes(manifest: object) -> bytes:
    """Return a manifest, be it a bundle's or a pack's, as it is spelled."""
    values = to_json_values(manifest)
    first = {name: values[name] for name in ("format", "version")}
    return json_bytes(first | values)


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest that these bytes spell.

    Raises:
        BundleError: It is that of a later version.
        ValueError, InvalidRecordError: It is none.
    """
    return manifest_of(Manifest, data, what="bundle")


def manifest_of(kind: type[T], data: bytes, *, what: str) -> T:
    """Return the manifest of that kind; what it lists is called ``what``.

    Raises:
        BundleError: It is that of a later version.
        ValueError, InvalidRecordError: It is none.
    """
    values = canonical_json(data)
    known: dict[str, Any] = {field.name: field.default for field in fields(cast("Any", kind))}
    if not isinstance(values, dict) or values.get("format") != known["format"]:
        raise ValueError(f"it is not a {what}'s")
    version = values.get("version")
    if isinstance(version, int) and version > known["version"]:
        raise BundleError(
            f"The {what} was made by a later version of Hotwash (format {version}).",
            remedy="Update Hotwash, then try again.",
        )
    return from_values(kind, values, MANIFEST)


def canonical_json(data: bytes) -> Any:
    """Return the values, if they are spelled as ``json_bytes`` spells them.

    Raises:
        ValueError: They are not, or hold what no record holds.
    """
    if len(data) > MAX_JSON:
        raise ValueError("it is too large")
    try:
        values = json.loads(data.decode(), parse_int=_bounded, parse_constant=_no_number)
        if json_bytes(values) != data:
            raise ValueError("it is not spelled as it was written")
    except RecursionError as cause:
        raise ValueError("it is nested too deeply") from cause
    return values


def from_values(kind: type[T], values: object, place: str) -> T:
    """Return the dataclass, whatever the values are.

    Raises:
        ValueError, InvalidRecordError: The values do not describe one.
    """
    try:
        return from_json_values(kind, values, place=place)
    except (TypeError, OverflowError) as cause:
        raise ValueError(str(cause)) from cause


def is_plain_id(name: str) -> bool:
    """Whether an id can be the name of a folder everywhere."""
    return PLAIN_ID.fullmatch(name) is not None and _is_plain(name)


def is_safe_path(path: str) -> bool:
    """Whether a member's name leads to a file inside the folder that it is written to."""
    parts = path.split("/")
    return str(PurePosixPath(path)) == path and all(_is_plain(part) for part in parts)


def _is_plain(part: str) -> bool:
    odd = UNSAFE.search(part) or part.endswith((".", " ")) or DEVICES.fullmatch(part)
    return bool(part) and not odd and len(part.encode()) <= LONGEST_NAME


def _bounded(digits: str) -> int:
    number = int(digits)
    if abs(number) > LARGEST_INT:
        raise ValueError("a number in it is too large")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
