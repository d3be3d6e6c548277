"""No byte of a bundle changes unnoticed, and nothing that others made up is believed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.encoding import json_bytes
from app.domain.errors import AppError, BundleError
from app.services.bundle import container
from app.services.bundle.container import Container, ContainerError, ContainerWriter
from tests.builders import INCIDENT, SESSION
from tests.machines import SHOT, Machine, with_an_incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


FLIPS = 300
ROOM_FILE = f"audio/{SESSION}/room-000001.wav"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = tmp_path_factory.mktemp("packed")
    machine = with_an_incident(Machine(root / "home"), seconds=1)
    data = machine.export(root / "a.hotwash").read_bytes()
    machine.close()
    return data


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path / "there")
    yield machine
    assert machine.store.incidents() == [], "nothing of a bad bundle is in the record"
    assert not machine.home.incident_dir(INCIDENT).exists()
    assert not list(machine.home.root.glob("incoming/*/"))
    machine.close()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed_anew(members: dict[str, bytes]) -> bytes:
    """Pack members as a forger would who knows the format: manifest and all in order."""
    manifest = json.loads(members.pop("manifest.json"))
    manifest["files"] = [
        {"path": n, "bytes": len(d), "sha256": hashlib.sha256(d).hexdigest()}
        for n, d in members.items()
    ]
    manifest["record_sha256"] = hashlib.sha256(members["record.json"]).hexdigest()
    file = io.BytesIO()
    writer = ContainerWriter(file)
    for name, data in {**members, "manifest.json": json_bytes(manifest)}.items():
        writer.add(name, io.BytesIO(data), len(data))
    writer.close()
    return file.getvalue()


def refused(there: Machine, tmp_path: Path, data: bytes) -> str:
    """Have it refused with a sentence by ``open``; ``verify`` finds it too. Return the words."""
    path = tmp_path / "bad.hotwash"
    path.write_bytes(data)
    with pytest.raises(AppError) as told:
        there.open(path)
    assert told.value.remedy
    with contextlib.suppress(BundleError):  # a later version's is refused there too
        assert not there.verify(path).ok
    return str(told.value)


def changed_record(packed: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    members = members_of(packed)
    document = json.loads(members["record.json"])
    change(document)
    members["record.json"] = json_bytes(document)
    return packed_anew(members)


def test_any_changed_byte_is_found_and_its_member_named(
    packed: bytes, there: Machine, tmp_path: Path
) -> None:
    path, dice = tmp_path / "a.hotwash", random.Random(11)  # noqa: S311  not a secret
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        starts = [(info.header_offset, info.filename) for info in archive.infolist()]
        directory = archive.start_dir
    at = [dice.randrange(len(packed)) for _ in range(FLIPS)]
    at += [start + dice.randrange(40) for start, _ in starts]
    at += [dice.randrange(directory, len(packed)) for _ in range(FLIPS)]
    for position in at:
        data = bytearray(packed)
        data[position] ^= 1 << dice.randrange(8)
        path.write_bytes(data)
        found = there.verify(path)
        assert not found.ok, position
        if position < directory:
            (*_, member) = [name for start, name in starts if start <= position]
            assert member in {problem.path for problem in found.problems}
    path.write_bytes(packed)
    assert there.verify(path).ok


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: b"\0" + data,
        lambda data: data[: len(data) // 2],
        lambda _data: b"",
        lambda _data: b"PK\5\6" + bytes(18),
        lambda data: data[:-2] + b"\1\0x",
        lambda data: data.replace(b"manifest.json", b"Manifest.json"),
        lambda _data: b"%PDF-1.7 no bundle at all" * 10,
    ],
)
def test_bytes_that_belong_to_nobody_and_missing_ones_are_refused(
    packed: bytes, there: Machine, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    told = refused(there, tmp_path, change(packed))
    assert "is not as it was packed" in told or "is no bundle" in told


def test_a_sound_file_that_was_exchanged_with_all_hashes_of_the_bundle_breaks_the_chain(
    packed: bytes, there: Machine, tmp_path: Path
) -> None:
    members = members_of(packed)
    data = bytearray(members[ROOM_FILE])
    data[1_000] ^= 1
    members[ROOM_FILE] = bytes(data)
    assert f"{ROOM_FILE} is changed" in refused(there, tmp_path, packed_anew(members))


def test_an_exchanged_picture_is_not_that_of_the_record(
    packed: bytes, there: Machine, tmp_path: Path
) -> None:
    members = members_of(packed)
    members[f"evidence/{SHOT.file}"] = b"another picture"
    assert f"evidence/{SHOT.file} is changed" in refused(there, tmp_path, packed_anew(members))


@pytest.mark.parametrize(
    "name",
    [
        "../escaped.txt",
        "/etc/passwd",
        "evidence/../../escaped.txt",
        "evidence\\..\\escaped.txt",
        "audio/C:/x",
        "evidence/CON",
        "evidence/x\n",
        "evidence//x",
        "evidence/" + "x" * 300,
        "notes.txt",
        f"audio/{SESSION}/room-000009.wav",
        "audio/ses-other/session.json",
        "evidence/unasked.txt",
    ],
)
def test_a_member_that_has_no_place_in_a_bundle_is_refused(
    packed: bytes, there: Machine, tmp_path: Path, name: str
) -> None:
    members = members_of(packed)
    manifest = members.pop("manifest.json")
    first = {key: members.pop(key) for key in ("record.json", "bookkeeping.json")}
    members[name] = b"x"
    ordered = {**first, **dict(sorted(members.items())), "manifest.json": manifest}
    assert "is extra" in refused(there, tmp_path, packed_anew(ordered))
    assert not (tmp_path / "escaped.txt").exists()


def test_missing_members_are_named(packed: bytes, there: Machine, tmp_path: Path) -> None:
    for name in members_of(packed):
        if name != "manifest.json":
            members = members_of(packed)
            del members[name]
            if name != "record.json":
                assert f"{name} is missing" in refused(there, tmp_path, packed_anew(members))


def _deep(document: dict[str, Any]) -> None:
    nested: Any = []
    for _ in range(150):
        nested = [nested]
    document["incident"]["tags"] = nested


HOSTILE: list[Callable[[dict[str, Any]], object]] = [
    lambda d: d.update(schema_version=99),
    lambda d: d.update(schema_version="1"),
    lambda d: d.update(entries={}),
    lambda d: d.update(segments=[3]),
    lambda d: d["incident"].update(id="../../escaped"),
    lambda d: d["incident"].update(id="CON"),
    lambda d: d["sessions"][0].update(id="../x"),
    lambda d: d["sessions"][0].update(start_utc="0001-01-01T00:00:00+23:00"),
    lambda d: d["segments"][0].update(end_ms=2**62),
    lambda d: d["segments"][0].update(session_id="ses-other"),
    lambda d: d["segments"][0].update(end_ms=2**70),
    lambda d: d["entries"][0].update(incident_id="inc-other"),
    lambda d: d["entries"].append(d["entries"][0]),
    lambda d: d["edits"].append(d["edits"][0]),
    lambda d: d["edits"][-1]["changes"][0]["after"].update(incident_id="inc-other"),
    lambda d: d["evidence"][0].update(file="../../escaped"),
    _deep,
]


@pytest.mark.parametrize("change", HOSTILE)
def test_a_record_that_is_none_or_reaches_further_is_refused(
    packed: bytes, there: Machine, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    told = refused(there, tmp_path, changed_record(packed, change))
    assert "record.json is unreadable" in told


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("record.json", b"\xff\xfe"),
        ("record.json", b"[" * 100_000),
        ("record.json", b'{"schema_version": NaN}'),
        ("record.json", b"9" * 5_000),
        ("bookkeeping.json", b'{\n "cursors": 3\n}\n'),
        ("bookkeeping.json", b"{}"),
        (f"audio/{SESSION}/session.json", b"[]"),
        (f"audio/{SESSION}/session.json", b"{}"),
        (f"audio/{SESSION}/journal.jsonl", b"{}\n"),
        (f"audio/{SESSION}/journal.jsonl", b"[" * 50_000 + b"\n"),
    ],
)
def test_a_member_that_does_not_read_is_named(
    packed: bytes, there: Machine, tmp_path: Path, name: str, data: bytes
) -> None:
    members = members_of(packed)
    members[name] = data
    assert name in refused(there, tmp_path, packed_anew(members))


def test_a_later_format_asks_for_an_update(packed: bytes, there: Machine, tmp_path: Path) -> None:
    members = members_of(packed)
    manifest = json.loads(members["manifest.json"]) | {"version": 2}
    members["manifest.json"] = json_bytes(manifest)
    assert "later version" in refused(there, tmp_path, packed_anew(members))


def test_zips_that_others_make_are_refused(packed: bytes, there: Machine, tmp_path: Path) -> None:
    members = members_of(packed)
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", compression) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        assert "directory" in refused(there, tmp_path, file.getvalue())
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("record.json", bytes(50 << 20))
    assert "directory" in refused(there, tmp_path, bomb.getvalue())


def test_large_bundles_have_zip64_fields_that_others_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = {f"m-{number}": bytes(number) for number in (0, 10, 5_000, 20_000)}
    monkeypatch.setattr(container, "MANY", 3)
    file = io.BytesIO()
    writer = ContainerWriter(file)
    for name, content in data.items():
        writer.add(name, io.BytesIO(content), len(content))
    writer.close()
    with zipfile.ZipFile(file) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == data
    read = Container(file)
    assert {name: read.read(name) for name in read.members} == data


def test_numbers_beyond_four_gigabytes_are_where_zip64_has_them() -> None:
    size = 5 << 30
    members = [container.Member("a", size, 7), container.Member("b", 3, 8)]
    header = members[0].header
    assert header[18:26] == b"\xff" * 8
    assert int.from_bytes(header[-8:], "little") == size
    ending = container.ending(members)
    listed = list(container._listed(ending[: ending.index(b"PK\6\6")]))
    assert listed == members
    assert ending[ending.index(b"PK\6\6") + 48 :][:8] == (
        len(header) + size + len(members[1].header) + 3
    ).to_bytes(8, "little")


def test_a_file_that_grows_while_it_is_packed_is_told() -> None:
    with pytest.raises(ContainerError, match="changed while"):
        ContainerWriter(io.BytesIO()).add("a", io.BytesIO(b"more"), 3)
