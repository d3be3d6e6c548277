"""An evidence pack holds what a report rests on, has one spelling, and is checked to the byte."""

from __future__ import annotations

import hashlib
import io
import json
import random
import subprocess
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest

from app.audio_files.flac import read_flac
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio
from app.domain.errors import BundleError
from app.domain.sessions import TrackLabel
from app.services.bundle.container import ContainerWriter
from app.services.export_run import ExportChoice
from app.services.pack.signing import NoKeyringError, SigningKeyError, SigningKeys
from tests.builders import BRIDGE, INCIDENT, SESSION, a_source, an_entry
from tests.machines import ENTRY, Machine, with_an_incident
from tests.unit.services.packs import (
    PASSPHRASE,
    MemorySecrets,
    listed_anew,
    members_of,
    packed,
    packing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.services.pack.reading import PackVerification
    from tests.proof.recorded import KeepFigure

FLIPS, MANY_FLIPS = 200, 10_000


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = with_an_incident(Machine(tmp_path_factory.mktemp("packs") / "home"), seconds=1)
    machine.add(an_entry("said", sources=(a_source(start_ms=0, end_ms=900),)))
    SigningKeys(machine.home, MemorySecrets()).create(PASSPHRASE)
    yield machine
    machine.close()


@pytest.fixture(scope="module")
def signed(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return export(machine, tmp_path_factory.mktemp("signed"), ExportChoice(passphrase=PASSPHRASE))


@pytest.fixture(scope="module")
def unsigned(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return export(machine, tmp_path_factory.mktemp("unsigned"), ExportChoice(sign=False))


def export(machine: Machine, folder: Path, choice: ExportChoice) -> bytes:
    path = folder / "a.zip"
    packing(machine).write(INCIDENT, format="pack", path=path, choice=choice)
    return path.read_bytes()


def check(machine: Machine, folder: Path, pack: bytes, **how: str) -> PackVerification:
    path = folder / "checked.zip"
    path.write_bytes(pack)
    return machine.verification.pack(path, **how)


def test_a_pack_lists_all_but_the_report_which_prints_the_hash_of_the_list(
    machine: Machine, unsigned: bytes
) -> None:
    members = members_of(unsigned)
    manifest = json.loads(members["manifest.json"])

    assert list(members)[:2] == ["README.txt", "record.json"]
    assert list(members)[-3:] == ["manifest.json", "report.pdf", "SHA256SUMS"]
    assert [file["path"] for file in manifest["files"]] == list(members)[:-3]
    for file in manifest["files"]:
        data = members[file["path"]]
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    printed = hashlib.sha256(members["manifest.json"]).hexdigest()
    assert printed in members["report.pdf"].decode()
    (head,) = manifest["chain_heads"]
    assert head["sha256"] == machine.verification.incident(INCIDENT).chain_heads[0]
    assert [name for name in members if name.startswith("evidence/")]


def test_sha256sum_checks_it_without_this_program(unsigned: bytes, tmp_path: Path) -> None:
    for name in ("manifest.json", "report.pdf", "SHA256SUMS"):
        (tmp_path / name).write_bytes(members_of(unsigned)[name])
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_a_clip_is_what_the_entry_cites_and_two_seconds_beside_it(tmp_path: Path) -> None:
    machine = with_an_incident(Machine(tmp_path / "home"), seconds=9)
    source = a_source(start_ms=5_000, end_ms=6_000)
    entry = an_entry("said", sources=(source,))
    machine.add(entry)
    members = members_of(export(machine, tmp_path, ExportChoice()))
    (clip,) = json.loads(members["manifest.json"])["clips"]

    assert clip["cited_by"] == [entry.id]
    assert (clip["start_ms"], clip["end_ms"]) == (3_000, 8_000)
    pcm = read_flac(io.BytesIO(members[clip["path"]]), frames=16 * 5_000)
    track = TrackAudio(BRIDGE, machine.home.session_dir(INCIDENT, SESSION), TrackLabel.BRIDGE)
    assert pcm == FolderAudioReader().session_pcm(track, 3_000, 8_000)
    assert any(pcm)
    machine.close()


def test_an_entry_that_is_left_out_brings_no_clip(machine: Machine, tmp_path: Path) -> None:
    left_out = frozenset(entry.id for entry in machine.record.entries)
    assert machine.record.entries
    choice = ExportChoice(entries_left_out=left_out, sign=False)
    members = members_of(export(machine, tmp_path, choice))
    assert not [name for name in members if name.startswith("clips/")]


def test_a_pack_may_be_called_like_the_report_in_it(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    choice = ExportChoice(sign=False)
    packing(machine).write(INCIDENT, format="pack", path=path, choice=choice)
    assert members_of(path.read_bytes())["report.pdf"].startswith(b"%PDF")


def test_the_same_record_makes_the_same_bytes(
    machine: Machine, signed: bytes, tmp_path: Path
) -> None:
    assert export(machine, tmp_path, ExportChoice(passphrase=PASSPHRASE)) == signed


def test_what_is_not_there_is_named_in_it_and_told(tmp_path: Path) -> None:
    machine = with_an_incident(Machine(tmp_path / "home"), seconds=1)
    (evidence,) = (one for one in machine.record.evidence if one.file)
    (machine.home.incident_dir(INCIDENT) / "evidence" / str(evidence.file)).unlink()

    found = check(machine, tmp_path, export(machine, tmp_path, ExportChoice()))

    assert (found.ok, found.missing) == (True, (f"evidence/{evidence.file}",))
    assert evidence.file in "".join(str(getattr(event, "error", "")) for event in machine.heard)
    machine.close()


def flips_are_found(machine: Machine, pack: bytes, folder: Path, count: int) -> None:
    dice = random.Random(7)  # noqa: S311  not a secret
    with zipfile.ZipFile(folder / "whole.zip") as archive:
        starts = [(info.header_offset, info.filename) for info in archive.infolist()]
        directory = archive.start_dir
    path = folder / "flipped.zip"
    path.write_bytes(pack)
    with path.open("r+b") as file:
        for _ in range(count):
            at = dice.randrange(len(pack))
            other = pack[at] ^ dice.randrange(1, 256)
            file.seek(at)
            file.write(bytes([other]))
            file.flush()
            found = machine.verification.pack(path)
            assert not found.ok, at
            if at < directory:
                (*_, member) = [name for start, name in starts if start <= at]
                assert member in {problem.path for problem in found.problems}, at
            file.seek(at)
            file.write(pack[at : at + 1])
            file.flush()
    assert machine.verification.pack(path).ok


@pytest.mark.parametrize("form", ["signed", "unsigned"])
def test_any_changed_byte_is_found_and_its_member_named(
    machine: Machine, tmp_path: Path, form: str, request: pytest.FixtureRequest
) -> None:
    pack = request.getfixturevalue(form)
    (tmp_path / "whole.zip").write_bytes(pack)
    flips_are_found(machine, pack, tmp_path, FLIPS)


@pytest.mark.prove
def test_ten_thousand_changed_bytes_are_found(
    machine: Machine, signed: bytes, tmp_path: Path, proof_figure: KeepFigure
) -> None:
    (tmp_path / "whole.zip").write_bytes(signed)
    flips_are_found(machine, signed, tmp_path, MANY_FLIPS)
    proof_figure("Random single-byte changes of a pack, all found", MANY_FLIPS, "", "10000")


@pytest.mark.parametrize(
    "change",
    [
        lambda pack: pack[:-1],
        lambda pack: pack + b"\0",
        lambda pack: b"\0" + pack,
        lambda pack: pack[:-2] + b"\5\0hello",
        lambda pack: pack[: len(pack) // 2],
        lambda _pack: b"",
    ],
    ids=["cut", "trailing", "leading", "comment", "half", "empty"],
)
def test_what_is_beside_the_members_is_found(
    machine: Machine, unsigned: bytes, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    (problem,) = check(machine, tmp_path, change(unsigned)).problems
    assert (problem.path, problem.reason) == ("checked.zip", "unreadable")


def test_a_member_too_many_or_too_few_or_moved_is_named(
    machine: Machine, unsigned: bytes, tmp_path: Path
) -> None:
    members = members_of(unsigned)

    def problems(changed: dict[str, bytes]) -> dict[str, str]:
        found = check(machine, tmp_path, packed(changed)).problems
        return {problem.path: problem.reason for problem in found}

    assert problems({"evil.txt": b"x"} | members)["evil.txt"] == "extra"
    for name in members:
        if name.startswith(("manifest", "evidence", "record", "report", "SHA", "README")):
            less = {one: data for one, data in members.items() if one != name}
            assert problems(less)[name] == "missing"
    assert problems(dict(reversed(members.items()))) == {"manifest.json": "changed"}
    report = problems(members | {"report.pdf": b"%PDF-1.7 another"})
    assert report == {"report.pdf": "changed"}


def test_hostile_zips_are_refused_without_being_unpacked(
    machine: Machine, unsigned: bytes, tmp_path: Path
) -> None:
    bomb, twice = tmp_path / "bomb.zip", tmp_path / "twice.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in members_of(unsigned):
            archive.writestr(name, bytes(50_000_000 if name == "record.json" else 1))
    file = io.BytesIO()
    writer = ContainerWriter(file)
    for _ in range(2):
        writer.add("SHA256SUMS", io.BytesIO(b"x"), 1)
    writer.close()
    twice.write_bytes(file.getvalue())
    tracemalloc.start()
    for path in (bomb, twice):
        assert not machine.verification.pack(path).ok
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000

    members = members_of(unsigned)
    listed = listed_anew({**members, "evidence/../../evil": b"x"})
    order = ["README.txt", "record.json", *sorted(n for n in listed if "/" in n)]
    order += ["manifest.json", "report.pdf", "SHA256SUMS"]
    found = check(machine, tmp_path, packed({name: listed[name] for name in order}))
    assert "evidence/../../evil" in {problem.path for problem in found.problems}
    assert not list(tmp_path.parent.glob("evil"))


def test_a_forger_makes_a_whole_pack_and_cannot_sign_it(
    machine: Machine, signed: bytes, tmp_path: Path
) -> None:
    forged = members_of(signed)
    forged["record.json"] = forged["record.json"].replace(ENTRY.text.encode(), b"All was well.")
    forged = listed_anew(forged)

    (problem,) = check(machine, tmp_path, packed(forged)).problems
    assert (problem.path, problem.reason) == ("SHA256SUMS.sig", "changed")

    del forged["SHA256SUMS.sig"]
    whole = check(machine, tmp_path, packed(forged))
    assert (whole.ok, whole.signature) == (True, None), "and that is said of what is not signed"
    key = SigningKeys(machine.home, MemorySecrets()).known()
    assert key is not None
    (told,) = check(machine, tmp_path, packed(forged), signed_by=key.fingerprint).problems
    assert "signed by nobody" in told.detail
    assert check(machine, tmp_path, signed, signed_by=key.fingerprint).ok


def test_a_pdf_is_checked_against_the_pack_beside_it(
    machine: Machine, unsigned: bytes, tmp_path: Path
) -> None:
    report = tmp_path / "report.pdf"
    report.write_bytes(members_of(unsigned)["report.pdf"])
    with pytest.raises(BundleError, match="no evidence pack beside"):
        machine.verification.pack(report)

    (tmp_path / "pack.zip").write_bytes(unsigned)
    newer = members_of(unsigned)
    newer["manifest.json"] = newer["manifest.json"].replace(b'"version": 1,', b'"version": 9,')
    assert newer["manifest.json"] != members_of(unsigned)["manifest.json"]
    (tmp_path / "another.zip").write_bytes(packed(newer | {"report.pdf": b"%PDF-1.7 another"}))
    found = machine.verification.pack(report)
    assert (found.kind, found.ok) == ("pdf", True)

    report.write_bytes(report.read_bytes() + b" ")
    (problem,) = machine.verification.pack(report).problems
    assert (problem.path, problem.reason) == ("report.pdf", "changed")


def test_openssl_accepts_the_signature(signed: bytes, tmp_path: Path) -> None:
    members = members_of(signed)
    key, signature = (
        line.split(": ")[1] for line in members["SHA256SUMS.sig"].decode().splitlines()[1:]
    )
    ed25519 = bytes.fromhex("302a300506032b6570032100")  # what stands before a public key, DER
    (tmp_path / "key.der").write_bytes(ed25519 + bytes.fromhex(key))
    (tmp_path / "sig").write_bytes(bytes.fromhex(signature))
    (tmp_path / "sums").write_bytes(members["SHA256SUMS"])
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER",
         "-inkey", "key.der", "-sigfile", "sig", "-in", "sums"],
        cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0


def test_a_key_in_the_keyring_signs_and_is_forgotten(tmp_path: Path) -> None:
    machine, secrets = with_an_incident(Machine(tmp_path / "home"), seconds=1), MemorySecrets()
    keys = SigningKeys(machine.home, secrets)
    made = keys.create()
    path = tmp_path / "a.zip"
    packing(machine, secrets).write(INCIDENT, format="pack", path=path)

    found = machine.verification.pack(path)
    assert found.signature is not None
    assert (found.signature.fingerprint, found.signature.valid) == (made.fingerprint, True)
    (secret,) = secrets.kept.values()
    assert secret not in "".join(one.read_text() for one in machine.home.root.glob("*.json"))

    assert keys.forget()
    assert (secrets.kept, keys.known(), keys.forget()) == ({}, None, False)
    machine.close()


def test_a_key_that_does_not_open_refuses_the_pack_before_the_work(
    machine: Machine, tmp_path: Path
) -> None:
    for passphrase, told in (("", "behind a passphrase"), ("wrong", "does not open")):
        with pytest.raises(SigningKeyError, match=told):
            export(machine, tmp_path, ExportChoice(passphrase=passphrase))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SigningKeyError, match="already"):
        SigningKeys(machine.home, MemorySecrets()).create(PASSPHRASE)


def test_a_short_passphrase_and_a_missing_keyring_make_no_key(tmp_path: Path) -> None:
    class NoSecrets(MemorySecrets):
        def put(self, name: str, secret: str) -> None:
            raise NoKeyringError(f"no place for {len(secret)} letters of {name}")

    machine = Machine(tmp_path / "home")
    keys = SigningKeys(machine.home, NoSecrets())
    with pytest.raises(SigningKeyError, match="fewer than 12"):
        keys.create("short")
    with pytest.raises(NoKeyringError) as told:
        keys.create()
    assert "--passphrase-file" in told.value.remedy
    assert keys.known() is None
    machine.close()
