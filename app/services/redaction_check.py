"""Refuses documents that would tell what was redacted.

What can be read is searched: texts as they are, what is packed member by member. The words of a
PDF are those of the record, which is searched instead. Pictures and audio are not, nor archives
inside of others, which are evidence.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO, TYPE_CHECKING

from app.domain.encoding import to_json_values
from app.domain.errors import ExportError
from app.domain.merging import entities_of
from app.domain.record import entity_type
from app.domain.text_fields import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.record import Record
    from app.domain.redaction_traces import Traces
    from app.services.redaction_memory import RedactionMemory

ZIP, PDF = b"PK\x03\x04", b"%PDF-"
START_BYTES = 4096  # what is no text has a zero among them
EMBEDDED = re.compile(rb"(data:[a-z]+/[a-z0-9.+-]+;base64,)[A-Za-z0-9+/=]*")
FOLD = b"\r\n "  # iCalendar folds its lines so, within words as well
LONGEST_LINE = 1 << 20
BYTES_BEFORE = 200  # of the end of a line, read again with the next one


class RedactionCheck:
    """Searches drafts before they take their place."""

    def __init__(self, memory: RedactionMemory) -> None:
        self._memory = memory

    def refuse(self, record: Record, folder: Path) -> None:
        """Refuse what was made in a folder if it tells what was redacted from the incident.

        Raises:
            ExportError: It does; names where.
            StorageError: What was redacted is not known any more.
        """
        traces = self._memory.traces(record.incident.id)
        if traces is None:
            return
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    place = _place_in(record, path.relative_to(folder).as_posix(), file, traces)
                if place:
                    raise _told(place, next(_in_record(record, traces), ""))


def _place_in(record: Record, name: str, file: IO[bytes], traces: Traces) -> str:
    """Return where in a file the words stand; empty where they do not."""
    start = file.read(START_BYTES)
    file.seek(0)
    if not start.startswith(ZIP):
        return name if _says(record, start, file, traces) else ""
    with zipfile.ZipFile(file) as archive:
        for member in archive.namelist():
            with archive.open(member) as inner:
                begins = inner.read(START_BYTES)
                inner.seek(0)
                if _says(record, begins, inner, traces):
                    return f"{name}: {member}"
    return ""


def _says(record: Record, start: bytes, file: IO[bytes], traces: Traces) -> bool:
    """Whether a file that is not to be unpacked says the words."""
    if start.startswith(PDF):
        return any(_in_record(record, traces))
    if b"\0" in start or start.startswith(ZIP):
        return False
    return any(map(traces.stand_in, _texts_of(file)))


def _texts_of(file: IO[bytes]) -> Iterator[str]:
    """Yield a text line by line, each with the end of the one before; embedded files are none."""
    before = b""
    while line := file.readline(LONGEST_LINE):
        text = before + line
        said = EMBEDDED.sub(b"", text)
        yield said.decode("utf-8", "replace")
        if FOLD in said:
            yield said.replace(FOLD, b"").decode("utf-8", "replace")
        before = said[-BYTES_BEFORE:] + _begun(text)


def _begun(text: bytes) -> bytes:
    """Return how the file begins that is embedded where a text was cut; nothing if none is."""
    last = max(text.rfind(b"data:"), 0)
    found = EMBEDDED.match(text, last)
    return found[1] if found and found.end() == len(text) else b""


def _in_record(record: Record, traces: Traces) -> Iterator[str]:
    """Yield what of the record says the words, as people find it."""
    for entity in entities_of(record):
        if any(map(traces.stand_in, texts_of(type(entity), to_json_values(entity)))):
            yield f"{entity_type(entity)} {entity.id}"


def _told(place: str, source: str) -> ExportError:
    stands = f", from {source}" if source else ""
    return ExportError(
        f"Words that were redacted stand in it again ({place}{stands}); nothing was written.",
        remedy="Redact them there as well, with “hotwash redact ID … --also WORDS”, "
        "then export again.",
    )
