"""What a disk holds after a power cut: the writes and syncs of a traced program, done again.

strace tells each call, when it began and how long it took. ``Disk`` replays them as the worst file
system that POSIX allows: bytes are safe once a sync of their file has returned that began after
they were written, names once one of their folder has. What is not safe is gone, or there in part.

::

    subprocess.run([*traced_into(folder), "program"])
    disk = Disk(root, calls_under(root, folder))
    disk.advance(moment_ns)
    disk.write_out(tmp_path / "after")
"""

from __future__ import annotations

import os
import re
import shutil
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from tests.lacking import skip_for

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

REPLAYED = "openat,write,lseek,ftruncate,fsync,fdatasync,rename,unlink,mkdir"
# These change a disk as well and are not replayed, which must not go unnoticed.
UNKNOWN = "pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,fallocate,truncate,creat,open"
UNKNOWN += ",renameat,renameat2,link,linkat,symlink,symlinkat,unlinkat,rmdir,mkdirat,sync,syncfs"
CALL = re.compile(r"(\d+)\.(\d{6}) (\w+)\((.*)\) += (\d+)(<\S+>)? <(\d+)\.(\d{6})>$")
ESCAPED = re.compile(r"(?:\\x[0-9a-f]{2})+")
SYNCS = ("fsync", "fdatasync")


def traced_into(folder: Path) -> list[str]:
    """Return the command prefix under which a program and its children are traced."""
    if shutil.which("strace") is None:
        skip_for("strace not installed (apt: strace)")
    # A file for each thread: in one for all, calls that overlap are torn apart.
    command = ["strace", "-ff", "-o", str(folder / "trace"), "--seccomp-bpf", "-ttt", "-T", "-y"]
    command += ["-xx", "-s", "1000000", "-e", "signal=none"]
    return [*command, "-e", f"trace={REPLAYED},{UNKNOWN}"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that succeeded. ``words`` are as strace writes them, what was escaped decoded."""

    name: str
    words: tuple[bytes, ...]
    result: int
    began_ns: int
    ended_ns: int

    def path(self, number: int = 0) -> Path:
        """Return the path that a word is, or that its descriptor belongs to."""
        word = self.words[number]
        inner = word[1:-1] if word.startswith(b'"') else word[word.index(b"<") + 1 : -1]
        return Path(os.fsdecode(inner))


def calls_under(root: Path, folder: Path) -> list[Call]:
    """Return the calls that are about paths under ``root``, in the order in which they ended."""
    wanted = "".join(f"\\x{byte:02x}" for byte in os.fsencode(root))
    calls = []
    for trace in folder.glob("trace.*"):
        for line in trace.read_text().splitlines():
            found = CALL.match(line)
            if found and wanted in found[4]:
                calls.append(_call(found))
    return sorted(calls, key=lambda call: call.ended_ns)


def _call(found: re.Match[str]) -> Call:
    began_ns = int(found[1]) * 1_000_000_000 + int(found[2]) * 1_000
    lasted_ns = int(found[7]) * 1_000_000_000 + int(found[8]) * 1_000
    words = [*found[4].split(", "), found[5] + (found[6] or "")]
    return Call(
        found[3],
        tuple(map(_decoded, words)),
        int(found[5]),
        began_ns,
        began_ns + lasted_ns,
    )


def _decoded(word: str) -> bytes:
    if "..." in word:
        raise ValueError(f"strace has cut off {word[:80]}")
    plain = ESCAPED.sub(
        lambda run: bytes.fromhex(run[0].replace("\\x", "")).decode("latin1"), word
    )
    return plain.encode("latin1")


# Of a file: what was written, and where; without bytes, its new length. Of a folder: names, each
# with what it stands for from now on.
Write: TypeAlias = tuple[int, bytes | None]
Names: TypeAlias = "dict[str, File | Folder | None]"
Change = TypeVar("Change", Write, "Names")


class Node(ABC, Generic[Change]):
    """Something on the disk: what of it is safe, and the changes since."""

    def __init__(self) -> None:
        self.unsynced: deque[Change] = deque()
        self.seen = 0  # changes so far

    def change(self, change: Change) -> None:
        self.unsynced.append(change)
        self.seen += 1

    def make_safe(self, seen: int) -> None:
        """Take in the first so many changes."""
        while self.seen - len(self.unsynced) < seen:
            self.take_in(self.unsynced.popleft())

    @abstractmethod
    def take_in(self, change: Change) -> None:
        """Count a change among what is safe."""


class File(Node[Write]):
    """``size`` is as the running system sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.safe = bytearray()
        self.size = 0

    def change(self, change: Write) -> None:
        super().change(change)
        offset, data = change
        self.size = offset if data is None else max(self.size, offset + len(data))

    def take_in(self, change: Write) -> None:
        _overwrite(self.safe, change)

    def remains(self, chance: random.Random | None) -> bytes:
        """Return what is found; with a chance, a part of what was not synced is there."""
        found = bytearray(self.safe)
        if chance is not None:
            writes = list(self.unsynced)
            whole = chance.randint(0, len(writes))
            for write in writes[:whole]:
                _overwrite(found, write)
            if whole < len(writes) and (data := writes[whole][1]):
                _overwrite(found, (writes[whole][0], data[: chance.randrange(len(data))]))
            if chance.random() < 0.5:  # the length got there, and the bytes did not
                found.extend(bytes(max(0, self.size - len(found))))
        return bytes(found)


class Folder(Node["Names"]):
    """``safe`` are its names."""

    def __init__(self) -> None:
        super().__init__()
        self.safe: Names = {}

    def take_in(self, change: Names) -> None:
        self.safe |= change

    def remains(self, chance: random.Random | None) -> Names:
        """Return the names found; with a chance, some of those that were not synced are there."""
        found = dict(self.safe)
        if chance is not None:
            for names in list(self.unsynced)[: chance.randint(0, len(self.unsynced))]:
                found |= names
        return found


def _overwrite(content: bytearray, write: Write) -> None:
    offset, data = write
    content.extend(bytes(max(0, offset - len(content))))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


class Disk:
    """A folder tree, empty and safe at first, to which the calls of a trace are done."""

    def __init__(self, root: Path, calls: list[Call]) -> None:
        self._live: dict[Path, File | Folder] = {root: Folder()}
        self._root = root
        self._positions: dict[bytes, int] = {}
        events: list[tuple[int, Callable[[], None]]] = []
        for call in calls:
            if call.name in SYNCS:
                events += self._sync(call)
            else:
                act = getattr(self, f"_{call.name}")
                events.append((call.ended_ns, partial(act, call)))
        self._events = deque(sorted(events, key=lambda event: event[0]))

    def advance(self, moment_ns: int) -> None:
        """Do what had ended by then."""
        while self._events and self._events[0][0] <= moment_ns:
            self._events.popleft()[1]()

    def write_out(self, folder: Path, chance: random.Random | None = None) -> None:
        """Write what a power cut now leaves."""
        self._write_out(self._live[self._root], folder, chance)

    def _write_out(self, node: File | Folder, path: Path, chance: random.Random | None) -> None:
        if isinstance(node, File):
            path.write_bytes(node.remains(chance))
            return
        path.mkdir()
        for name, child in node.remains(chance).items():
            if child is not None:
                self._write_out(child, path / name, chance)

    def _sync(self, call: Call) -> list[tuple[int, Callable[[], None]]]:
        """Return what a sync does: what was there when it began is safe when it has returned."""
        covered: list[tuple[File | Folder, int]] = []

        def begin() -> None:
            node = self._live[call.path()]
            covered.append((node, node.seen))

        def end() -> None:
            node, seen = covered[0]
            node.make_safe(seen)

        return [(call.began_ns, begin), (call.ended_ns, end)]

    def _change(self, parent: Path, names: Names) -> None:
        folder = self._live[parent]
        assert isinstance(folder, Folder)
        folder.change(names)
        for name, node in names.items():
            if node is None:
                del self._live[parent / name]
            else:
                self._live[parent / name] = node

    def _file(self, path: Path) -> File:
        node = self._live[path]
        assert isinstance(node, File)
        return node

    def _mkdir(self, call: Call) -> None:
        path = call.path()
        if path != self._root:
            self._change(path.parent, {path.name: Folder()})

    def _openat(self, call: Call) -> None:
        path, flags = call.path(1), call.words[2]
        if b"O_CREAT" in flags and path not in self._live:
            self._change(path.parent, {path.name: File()})
        if b"O_TRUNC" in flags and self._file(path).size:
            self._file(path).change((0, None))
        if b"O_APPEND" not in flags:
            self._positions[call.words[-1]] = 0

    def _lseek(self, call: Call) -> None:
        if call.words[0] in self._positions:
            self._positions[call.words[0]] = call.result

    def _write(self, call: Call) -> None:
        file, data = self._file(call.path()), call.words[1][1:-1][: call.result]
        # A descriptor of unknown position is one that appends, or the log's, which was inherited.
        offset = self._positions.get(call.words[0], file.size)
        file.change((offset, data))
        if call.words[0] in self._positions:
            self._positions[call.words[0]] = offset + call.result

    def _ftruncate(self, call: Call) -> None:
        self._file(call.path()).change((int(call.words[1]), None))

    def _rename(self, call: Call) -> None:
        old, new = call.path(), call.path(1)
        assert old.parent == new.parent, "both names change at once"
        self._change(old.parent, {old.name: None, new.name: self._live[old]})

    def _unlink(self, call: Call) -> None:
        path = call.path()
        self._change(path.parent, {path.name: None})
