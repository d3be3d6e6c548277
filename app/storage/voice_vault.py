"""One sealed file of remembered voices.

``MAGIC``, how it is sealed (a byte), salt, a check of the key, a number used once; then JSON under
AES-256-GCM, to which all that stands before is bound. Each write has a salt of its own, so that in
a keyring with every change the old key goes, and with it whatever a disk may have kept.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.audio_files.durable import leaving_nothing, overwrite, sync_folder, write_atomically
from app.audio_files.folder_lock import FolderInUseError, wait_for_lock
from app.domain.encoding import from_json_values, to_json_values
from app.domain.errors import (
    InvalidRecordError,
    PassphraseNeededError,
    VoicePrintError,
    WrongPassphraseError,
)
from app.domain.voice_prints import VoicePrint
from app.storage.vault_keys import KeyringKeys, PassphraseKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from app.audio_files.folder_lock import FolderLock
    from app.storage.vault_keys import VaultKeys

MAGIC = b"HWVOICE1"
SALT_BYTES, CHECK_BYTES, NONCE_BYTES = 16, 16, 12
HEAD_BYTES = len(MAGIC) + 1 + SALT_BYTES + CHECK_BYTES + NONCE_BYTES
LOCK = "voice-prints.lock"
LOCK_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class _Sealed:
    mark: bytes
    salt: bytes
    check: bytes
    nonce: bytes
    content: bytes

    @property
    def head(self) -> bytes:
        return MAGIC + self.mark + self.salt + self.check + self.nonce

    @classmethod
    def parsed(cls, data: bytes) -> _Sealed:
        if len(data) < HEAD_BYTES or not data.startswith(MAGIC):
            raise _ChangedError
        at = len(MAGIC)
        mark, at = data[at : at + 1], at + 1
        salt, at = data[at : at + SALT_BYTES], at + SALT_BYTES
        check, at = data[at : at + CHECK_BYTES], at + CHECK_BYTES
        return cls(mark, salt, check, data[at : at + NONCE_BYTES], data[HEAD_BYTES:])


class FileVault:
    """Implements ``VoiceVault``; a new file goes to the keyring unless a passphrase was given."""

    def __init__(self, path: Path, *, passphrase: str = "") -> None:
        self._path = path
        self._passphrase = passphrase

    @property
    def exists(self) -> bool:
        """Whether anything is kept."""
        return self._path.exists()

    @property
    def kept_by(self) -> str:
        """What holds the key, or would hold it, in words for people."""
        keys = self._keys_of(_mark_of(self._path)) if self.exists else self._keys_for_new()
        return keys.words

    def unlock(self, passphrase: str) -> None:
        """Take the passphrase; it is tried with the next use."""
        self._passphrase = passphrase

    def read(self) -> tuple[VoicePrint, ...]:
        """Return what is kept."""
        return self._opened()[0] if self.exists else ()

    def change(self, edit: Callable[[tuple[VoicePrint, ...]], Sequence[VoicePrint]]) -> None:
        """Replace what is kept; the old file is overwritten and its key dropped."""
        with self._locked():
            prints, old = self._opened() if self.exists else ((), None)
            edited = tuple(edit(prints))
            if edited == prints:
                return
            if not edited:
                self._destroy()
                return
            keys = self._keys_for_new() if old is None else self._keys_of(old.mark)
            self._write(edited, keys)
            if old is not None:
                keys.drop(old.salt)

    def destroy(self) -> None:
        """Overwrite the file, remove it, and drop its key."""
        with self._locked():
            self._destroy()

    def _destroy(self) -> None:
        try:
            data = self._path.read_bytes()
            with self._path.open("r+b") as file:
                overwrite(file)
            self._path.unlink()
            sync_folder(self._path.parent)
        except FileNotFoundError:
            return
        except OSError as cause:
            raise _not_written(self._path, cause) from cause
        with contextlib.suppress(_ChangedError):  # it tells of no key that could be dropped
            sealed = _Sealed.parsed(data)
            self._keys_of(sealed.mark).drop(sealed.salt)

    def _opened(self) -> tuple[tuple[VoicePrint, ...], _Sealed]:
        try:
            sealed = _Sealed.parsed(self._path.read_bytes())
        except OSError as cause:
            raise VoicePrintError(
                f"The remembered voices in {self._path} cannot be read: {cause.strerror}.",
                remedy="Look at the rights of the file.",
            ) from cause
        keys = self._keys_of(sealed.mark)
        key = keys.get(sealed.salt)
        if not hmac.compare_digest(_check_of(key), sealed.check):
            is_phrase = isinstance(keys, PassphraseKeys)
            raise WrongPassphraseError if is_phrase else _ChangedError
        try:
            content = AESGCM(key).decrypt(sealed.nonce, sealed.content, sealed.head)
            values = json.loads(content)
            prints = [from_json_values(VoicePrint, value, place="voice") for value in values]
        except (InvalidTag, ValueError, InvalidRecordError) as cause:
            raise _ChangedError from cause
        return tuple(prints), sealed

    def _write(self, prints: Sequence[VoicePrint], keys: VaultKeys) -> None:
        content = json.dumps([to_json_values(one) for one in prints]).encode()
        salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
        key = keys.make(salt)
        head = _Sealed(keys.mark, salt, _check_of(key), nonce, b"").head
        try:
            with leaving_nothing(self._path):
                sealed = head + AESGCM(key).encrypt(nonce, content, head)
                write_atomically(self._path, sealed, mode=0o600)
        except OSError as cause:
            with contextlib.suppress(VoicePrintError):  # it opens nothing; people hear of the disk
                keys.drop(salt)
            raise _not_written(self._path, cause) from cause

    def _keys_for_new(self) -> VaultKeys:
        if self._passphrase:
            return PassphraseKeys(self._passphrase)
        if not KeyringKeys.usable():
            raise PassphraseNeededError
        return KeyringKeys()

    def _keys_of(self, mark: bytes) -> VaultKeys:
        keys: tuple[VaultKeys, ...] = (KeyringKeys(), PassphraseKeys(self._passphrase))
        found = next((one for one in keys if one.mark == mark), None)
        if found is None:
            raise _ChangedError
        return found

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other programs from changing the file meanwhile."""
        lock = self._lock()
        try:
            yield
        finally:
            lock.release()

    def _lock(self) -> FolderLock:
        try:
            return wait_for_lock(self._path.parent, LOCK, patience_s=LOCK_PATIENCE_S)
        except FolderInUseError as cause:
            raise VoicePrintError(
                "Another program is changing the remembered voices.",
                remedy="Try again in a moment.",
            ) from cause
        except OSError as cause:
            raise _not_written(self._path, cause) from cause


class _ChangedError(VoicePrintError):
    def __init__(self) -> None:
        super().__init__(
            "The file of the remembered voices was changed or is damaged; nothing in it is used.",
            remedy="Bring back a copy of it, or begin again with “hotwash voices forget-all”.",
        )


def _check_of(key: bytes) -> bytes:
    """Return what tells a wrong passphrase from a changed file; it tells nothing of the key."""
    return hmac.digest(key, MAGIC, "sha256")[:CHECK_BYTES]


def _mark_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(MAGIC) + 1)[len(MAGIC) :]


def _not_written(path: Path, cause: OSError) -> VoicePrintError:
    return VoicePrintError(
        f"The remembered voices cannot be kept in {path}: {cause.strerror or cause}.",
        remedy="Free some disk space or make the data folder writable; nothing was changed.",
    )
