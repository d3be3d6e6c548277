"""The file that holds files: a ZIP that has exactly one spelling.

Nothing is compressed (two versions of zlib would disagree), times and attributes are fixed, names
are UTF-8, no byte belongs to nobody. A member's header follows from its name, size and CRC, the
directory from the members: whoever reads one writes it anew and compares. Any unzip opens it.
ZIP64 fields stand exactly where a number needs them.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLOCK = 1 << 20
WIDE, MANY = 0xFFFFFFFF, 0xFFFF  # from here on, ZIP64
MAX_DIRECTORY = 64 << 20  # bytes; eight hours of two tracks need 0.1 MB

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")

PLAIN, WITH_ZIP64, UNIX = 20, 45, 3 << 8
UTF8, STORED, MIDNIGHT, NEW_YEAR_1980 = 0x800, 0, 0, 33
REGULAR_FILE = 0o100644 << 16


class ContainerError(ValueError):
    """The bytes are not what this module writes; ``name`` is the member's, empty for the whole."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(reason)
        self.name = name


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside; ``crc`` is its CRC-32."""

    name: str
    size: int
    crc: int

    @property
    def header(self) -> bytes:
        """What stands before its bytes."""
        wide = self.size >= WIDE
        extra = struct.pack("<2H2Q", 1, 16, self.size, self.size) if wide else b""
        size, name = WIDE if wide else self.size, self.name.encode()
        fixed = (UTF8, STORED, MIDNIGHT, NEW_YEAR_1980, self.crc, size, size, len(name))
        needs = WITH_ZIP64 if wide else PLAIN
        return LOCAL.pack(b"PK\3\4", needs, *fixed, len(extra)) + name + extra

    def in_directory(self, offset: int) -> bytes:
        """Return its line in the directory."""
        size = min(self.size, WIDE)
        numbers = [self.size, self.size] if self.size >= WIDE else []
        numbers += [offset] if offset >= WIDE else []
        values = struct.pack(f"<{len(numbers)}Q", *numbers)
        extra = struct.pack("<2H", 1, len(values)) + values if values else b""
        name, needs = self.name.encode(), WITH_ZIP64 if values else PLAIN
        fixed = (UTF8, STORED, MIDNIGHT, NEW_YEAR_1980, self.crc, size, size, len(name))
        last = (len(extra), 0, 0, 0, REGULAR_FILE, min(offset, WIDE))
        return CENTRAL.pack(b"PK\1\2", UNIX | needs, needs, *fixed, *last) + name + extra


def ending(members: Sequence[Member]) -> bytes:
    """Return all that stands after the members: the directory and the end."""
    offset, lines = 0, []
    for member in members:
        lines.append(member.in_directory(offset))
        offset += len(member.header) + member.size
    directory, count = b"".join(lines), len(members)
    wide = b""
    if count >= MANY or len(directory) >= WIDE or offset >= WIDE:
        version, end = UNIX | WITH_ZIP64, offset + len(directory)
        counted = (count, count, len(directory), offset)
        wide = END_64.pack(b"PK\6\6", END_64.size - 12, version, WITH_ZIP64, 0, 0, *counted)
        wide += LOCATOR.pack(b"PK\6\7", 0, end, 1)
    small = (min(count, MANY), min(count, MANY), min(len(directory), WIDE), min(offset, WIDE))
    return directory + wide + END.pack(b"PK\5\6", 0, 0, *small, 0)


class ContainerWriter:
    """Writes one member after the other; the file must be able to seek."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._members: list[Member] = []

    def add(self, name: str, source: BinaryIO, size: int) -> str:
        """Copy a file in; return its SHA-256 (hex).

        Raises:
            ContainerError: It has another size than that.
            OSError: The one cannot be read, or the other not be written.
        """
        start = self._file.tell()
        self._file.write(Member(name, size, 0).header)
        digest, crc, copied = hashlib.sha256(), 0, 0
        while block := source.read(BLOCK):
            digest.update(block)
            crc = zlib.crc32(block, crc)
            copied += len(block)
            self._file.write(block)
        if copied != size:
            raise ContainerError("it changed while it was copied", name)
        member = Member(name, size, crc)
        self._file.seek(start)
        self._file.write(member.header)
        self._file.seek(0, 2)
        self._members.append(member)
        return digest.hexdigest()

    def close(self) -> None:
        """Write the directory."""
        self._file.write(ending(self._members))


class Container:
    """Reads one. Nothing in it is believed that this module would not have written so."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the directory.

        Raises:
            ContainerError: It is not the directory of what stands before it.
            OSError: The file cannot be read.
        """
        self._file = file
        self.size = file.seek(0, 2)
        start, members = _directory(file, self.size)
        self.members = {member.name: member for member in members}
        self._starts: dict[str, int] = {}
        position = 0
        for member in members:
            self._starts[member.name] = position
            position += len(member.header) + member.size
        if len(self.members) != len(members):
            raise ContainerError("a name stands in it twice")
        if position != start or not self._ends_with(ending(members), start):
            raise ContainerError("its directory is not that of what it holds")

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a member's bytes.

        Raises:
            ContainerError: Its header or its bytes have changed; the latter only at the end.
        """
        member, crc = self.members[name], 0
        self._file.seek(self._starts[name])
        if self._file.read(len(member.header)) != member.header:
            raise ContainerError("its header has changed", name)
        left = member.size
        while left:
            block = self._file.read(min(BLOCK, left))
            if not block:
                raise ContainerError("it breaks off", name)
            left -= len(block)
            crc = zlib.crc32(block, crc)
            yield block
        if crc != member.crc:
            raise ContainerError("its bytes have changed", name)

    def read(self, name: str) -> bytes:
        """Return a whole member.

        Raises:
            ContainerError: As for ``blocks``.
        """
        return b"".join(self.blocks(name))

    def _ends_with(self, expected: bytes, start: int) -> bool:
        if start + len(expected) != self.size:
            return False
        self._file.seek(start)
        return self._file.read(len(expected)) == expected


def _directory(file: BinaryIO, size: int) -> tuple[int, list[Member]]:
    """Return where the directory begins and what it lists, as far as its own form tells."""
    try:
        start, length = _extent(file, size)
        if length > MAX_DIRECTORY or start + length > size:
            raise ContainerError("its directory is too long")
        file.seek(start)
        return start, list(_listed(file.read(length)))
    except (struct.error, ValueError) as cause:
        raise ContainerError(f"it has no directory that can be read ({cause})") from cause


def _extent(file: BinaryIO, size: int) -> tuple[int, int]:
    file.seek(max(0, size - END.size))
    _sign, _disk, _first, _here, count, length, start, _comment = END.unpack(file.read())
    if count < MANY and length < WIDE and start < WIDE:
        return start, length
    file.seek(max(0, size - END.size - LOCATOR.size - END_64.size))
    wide = END_64.unpack(file.read(END_64.size))
    return wide[9], wide[8]


def _listed(directory: bytes) -> Iterator[Member]:
    position = 0
    while position < len(directory):
        fields = CENTRAL.unpack_from(directory, position)
        crc, _packed, size, names, extras = fields[7:12]
        name_at = position + CENTRAL.size
        name = directory[name_at : name_at + names].decode()
        if size == WIDE:
            (size,) = struct.unpack_from("<Q", directory, name_at + names + 4)
        yield Member(name, size, crc)
        position = name_at + names + extras
