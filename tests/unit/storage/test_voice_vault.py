"""The sealed file of remembered voices: real ciphers, real files, a keyring in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.audio_files.folder_lock import FolderLock
from app.domain.errors import PassphraseNeededError, VoicePrintError
from app.domain.ids import IncidentId, SessionId, SpeakerId
from app.domain.voice_prints import HeardStretch, VoicePrint, VoicePrintId
from app.storage import vault_keys, voice_vault
from app.storage.voice_vault import LOCK, FileVault
from tests import keyrings
from tests.builders import START
from tests.keyrings import MemoryKeyring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSPHRASE = "correct horse battery staple"
PRIYA = VoicePrint(
    id=VoicePrintId("vpr-priya"),
    name="Priya Raman",
    vector=(0.6, -0.8, 0.125),
    model_id="9f86d081884c7d65",
    incident_id=IncidentId("inc-checkout"),
    speaker_id=SpeakerId("spk-priya"),
    stretches=(HeardStretch(SessionId("ses-bridge"), 1_000, 9_000),),
    made_at=START,
    made_by="Marcus",
)
MARCUS = replace(PRIYA, id=VoicePrintId("vpr-marcus"), name="Marcus", vector=(0.0, 1.0, 0.0))


@pytest.fixture(autouse=True)
def cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vault_keys.SCRYPT, "n", 2**10)


@pytest.fixture
def no_ring() -> Iterator[None]:
    with keyrings.in_use(None):
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "voices.sealed"


@pytest.fixture(params=["keyring", "passphrase"])
def vault(request: pytest.FixtureRequest, path: Path) -> Iterator[FileVault]:
    by_ring = request.param == "keyring"
    with keyrings.in_use(MemoryKeyring() if by_ring else None):
        yield FileVault(path, passphrase="" if by_ring else PASSPHRASE)


def keep(vault: FileVault, *prints: VoicePrint) -> None:
    vault.change(lambda _kept: prints)


def test_what_is_kept_is_read_again(vault: FileVault) -> None:
    assert not vault.exists
    assert vault.read() == ()
    keep(vault, PRIYA, MARCUS)

    assert vault.exists
    assert vault.read() == (PRIYA, MARCUS)


def test_nothing_in_the_file_can_be_read(vault: FileVault, path: Path) -> None:
    keep(vault, PRIYA)
    data = path.read_bytes()

    words = ["Priya", "Raman", "Marcus", "inc-", "ses-", "spk-", "vpr-", "9f86", "vector", "0.6"]
    assert [word for word in words if word.encode() in data] == []
    assert path.stat().st_mode & 0o077 == 0, "and nobody else may look at it"


def test_two_files_of_the_same_voices_have_nothing_in_common(vault: FileVault, path: Path) -> None:
    keep(vault, PRIYA)
    first = path.read_bytes()
    keep(vault, MARCUS)
    keep(vault, PRIYA)
    second = path.read_bytes()

    start = len(voice_vault.MAGIC) + 1
    assert len(first) == len(second)
    assert (
        sum(a == b for a, b in zip(first[start:], second[start:], strict=True)) < len(first) / 16
    )


def test_every_changed_byte_is_noticed(vault: FileVault, path: Path) -> None:
    keep(vault, PRIYA)
    data = path.read_bytes()
    head = voice_vault.HEAD_BYTES
    for place in (*range(head), *range(head, len(data), 29), len(data) - 1):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(VoicePrintError) as told:
            vault.read()
        assert told.value.remedy
    path.write_bytes(data)
    assert vault.read() == (PRIYA,)


@pytest.mark.parametrize("left", [0, 7, 30, 80])
def test_a_file_that_was_cut_is_refused(vault: FileVault, path: Path, left: int) -> None:
    keep(vault, PRIYA)
    path.write_bytes(path.read_bytes()[:left])

    with pytest.raises(VoicePrintError, match="changed or is damaged"):
        vault.read()


@pytest.mark.usefixtures("no_ring")
def test_another_passphrase_is_refused_and_changes_nothing(path: Path) -> None:
    keep(FileVault(path, passphrase=PASSPHRASE), PRIYA)
    data = path.read_bytes()
    other = FileVault(path, passphrase="Correct horse battery staple")

    with pytest.raises(VoicePrintError, match="not the passphrase"):
        other.read()
    with pytest.raises(VoicePrintError, match="not the passphrase"):
        keep(other, MARCUS)
    assert path.read_bytes() == data


@pytest.mark.usefixtures("no_ring")
def test_without_a_keyring_a_passphrase_is_asked_for(path: Path) -> None:
    vault = FileVault(path)
    with pytest.raises(PassphraseNeededError) as told:
        keep(vault, PRIYA)
    assert "HOTWASH_VOICE_PASSPHRASE" in told.value.remedy
    assert not path.exists()

    vault.unlock(PASSPHRASE)
    keep(vault, PRIYA)
    assert vault.kept_by == "Sealed with a passphrase."
    with pytest.raises(PassphraseNeededError):
        FileVault(path).read()


def test_a_locked_keyring_is_told_and_nothing_is_lost(ring: MemoryKeyring, path: Path) -> None:
    vault = FileVault(path)
    keep(vault, PRIYA)
    ring.locked = True
    with pytest.raises(VoicePrintError, match="locked") as told:
        vault.read()
    assert "Unlock" in told.value.remedy

    ring.locked = False
    assert vault.read() == (PRIYA,)


def test_a_key_that_is_gone_from_the_keyring_is_told(ring: MemoryKeyring, path: Path) -> None:
    vault = FileVault(path)
    keep(vault, PRIYA)
    ring.secrets.clear()

    with pytest.raises(VoicePrintError, match="not in the system's keyring"):
        vault.read()
    vault.destroy()
    assert not vault.exists


def test_with_each_change_the_key_before_goes(ring: MemoryKeyring, path: Path) -> None:
    vault = FileVault(path)
    keep(vault, PRIYA, MARCUS)
    (before,) = ring.secrets
    old = path.read_bytes()
    keep(vault, MARCUS)

    (after,) = ring.secrets
    assert after != before
    path.write_bytes(old)  # as a disk may have kept it
    with pytest.raises(VoicePrintError):
        vault.read()


def test_who_has_the_old_file_open_finds_zeros_in_it(vault: FileVault, path: Path) -> None:
    keep(vault, PRIYA, MARCUS)
    with path.open("rb") as old:
        keep(vault, MARCUS)
        assert set(old.read()) == {0}


def test_destroyed_is_the_file_overwritten_and_the_key(ring: MemoryKeyring, path: Path) -> None:
    vault = FileVault(path)
    keep(vault, PRIYA)
    with path.open("rb") as open_still:
        vault.destroy()
        assert set(open_still.read()) == {0}

    assert not path.exists()
    assert ring.secrets == {}
    vault.destroy()  # and a second time does no harm


def test_destroyed_while_the_keyring_is_locked_the_voices_go_and_the_key_is_told_of(
    ring: MemoryKeyring, path: Path
) -> None:
    vault = FileVault(path)
    keep(vault, PRIYA)
    ring.locked = True
    with pytest.raises(VoicePrintError, match="It is done, but") as told:
        vault.destroy()

    assert not path.exists()
    assert vault_keys.SERVICE in told.value.remedy


@pytest.mark.usefixtures("no_ring")
def test_destroying_needs_no_passphrase(path: Path) -> None:
    keep(FileVault(path, passphrase=PASSPHRASE), PRIYA)
    FileVault(path).destroy()

    assert not path.exists()


def test_the_last_voice_takes_the_file_and_the_key_with_it(
    ring: MemoryKeyring, path: Path
) -> None:
    vault = FileVault(path)
    keep(vault, PRIYA)
    keep(vault)

    assert not path.exists()
    assert ring.secrets == {}


def test_a_full_disk_leaves_what_was_kept_and_no_key_more(
    ring: MemoryKeyring, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = FileVault(path)
    keep(vault, PRIYA)
    keys = dict(ring.secrets)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(voice_vault, "write_atomically", refuse)
    with pytest.raises(VoicePrintError, match="No space left"):
        keep(vault, PRIYA, MARCUS)

    assert ring.secrets == keys
    assert vault.read() == (PRIYA,)


def test_of_a_full_disk_people_hear_also_where_the_keyring_fails(
    ring: MemoryKeyring, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        ring.locked = True
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(voice_vault, "write_atomically", refuse)
    with pytest.raises(VoicePrintError, match="No space left"):
        keep(FileVault(path), PRIYA)


def test_another_program_at_work_is_waited_for(
    vault: FileVault, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_vault, "LOCK_PATIENCE_S", 0.0)
    lock = FolderLock(path.parent, LOCK)
    with pytest.raises(VoicePrintError, match="Another program"):
        keep(vault, PRIYA)
    lock.release()
    keep(vault, PRIYA)

    assert vault.read() == (PRIYA,)


@pytest.mark.usefixtures("no_ring")
def test_two_programs_at_once_lose_no_voice(path: Path) -> None:
    def add(number: int) -> None:
        made = replace(PRIYA, id=VoicePrintId(f"vpr-{number}"))
        FileVault(path, passphrase=PASSPHRASE).change(lambda kept: [*kept, made])

    with ThreadPoolExecutor() as programs:
        list(programs.map(add, range(4)))

    kept = FileVault(path, passphrase=PASSPHRASE).read()
    assert {one.id for one in kept} == {f"vpr-{number}" for number in range(4)}
