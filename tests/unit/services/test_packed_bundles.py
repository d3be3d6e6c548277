"""A bundle of packed audio moves and merges like any other, and its FLACs are not believed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.flac import flac_of
from app.audio_files.journal import parse_journal
from app.domain.encoding import json_bytes
from app.domain.errors import BundleError
from app.domain.times import Span
from tests.builders import INCIDENT, SESSION
from tests.machines import Machine, files_of
from tests.unit.audio_files.recordings import exchange, pack
from tests.unit.services.test_bundle_tampering import members_of, packed_anew

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDER = f"audio/{SESSION}"
FLAC = f"{FOLDER}/room-000001.flac"


def folder_of(machine: Machine) -> Path:
    return machine.home.session_dir(INCIDENT, SESSION)


def test_a_bundle_of_packed_audio_opens_elsewhere_with_every_file(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    pack(folder_of(here))

    opened = there.open(here.export(tmp_path / "a.hotwash"))

    assert (opened.files, opened.conflicts) == (5, ())
    assert files_of(there) == files_of(here)
    assert FLAC in files_of(there)
    assert there.verification.incident(INCIDENT).ok


@pytest.mark.parametrize("packed_there", [True, False], ids=["packed there", "packed here"])
def test_that_only_one_copy_is_packed_is_no_conflict(
    here: Machine, there: Machine, tmp_path: Path, *, packed_there: bool
) -> None:
    there.open(here.export(tmp_path / "a.hotwash"))
    pack(folder_of(there if packed_there else here))
    before = files_of(there)

    opened = there.open(here.export(tmp_path / "b.hotwash"))

    assert opened.conflicts == ()
    assert files_of(there) == before


def test_that_a_packed_copy_was_redacted_is_told(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    there.open(here.export(tmp_path / "a.hotwash"))
    pack(folder_of(here))
    FolderArchive().silence(folder_of(here), [Span(100, 200)], at="", by="Priya", reason="said")

    (conflict,) = there.open(here.export(tmp_path / "b.hotwash")).conflicts

    assert (conflict.type, conflict.id, conflict.field) == ("session", SESSION, "audio")


def test_a_flac_that_was_changed_here_is_not_packed_into_a_bundle(
    here: Machine, tmp_path: Path
) -> None:
    pack(folder_of(here))
    path = folder_of(here) / "room-000001.flac"
    path.write_bytes(flac_of(bytes(4 * 16_000)))

    with pytest.raises(BundleError, match=r"room-000001\.flac is missing or not as it was"):
        here.export(tmp_path / "a.hotwash")


def other_samples(_flac: bytes) -> bytes:
    return flac_of(bytes(4 * 16_000))


def half_of_it(flac: bytes) -> bytes:
    return flac[: len(flac) // 2]


def far_too_much(flac: bytes) -> bytes:
    return flac + bytes(5_000_000)


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (other_samples, "does not decode to what was sealed"),
        (half_of_it, "is unreadable"),
        (far_too_much, "it is too large"),
    ],
)
def test_a_flac_that_was_exchanged_with_every_hash_that_names_it_is_found(
    here: Machine, there: Machine, tmp_path: Path, forge: Callable[[bytes], bytes], says: str
) -> None:
    pack(folder_of(here))
    members = members_of(here.export(tmp_path / "a.hotwash").read_bytes())
    path = tmp_path / "forged.hotwash"
    path.write_bytes(packed_anew(with_a_forged_flac(here, members, forge)))

    with pytest.raises(BundleError, match=says):
        there.open(path)
    assert FLAC in {problem.path for problem in there.verify(path).problems}
    assert there.store.incidents() == []


def with_a_forged_flac(
    here: Machine, members: dict[str, bytes], forge: Callable[[bytes], bytes]
) -> dict[str, bytes]:
    """Exchange the FLAC, and let the journal name the new one, chained as it should be."""
    members[FLAC] = forge(members[FLAC])
    exchange(folder_of(here), "room-000001", members[FLAC])
    journal = (folder_of(here) / "journal.jsonl").read_bytes()
    members[f"{FOLDER}/journal.jsonl"] = journal
    manifest = json.loads(members["manifest.json"])
    manifest["chain_heads"] = [{"session_id": SESSION, "sha256": parse_journal(journal, "").head}]
    members["manifest.json"] = json_bytes(manifest)
    return members
