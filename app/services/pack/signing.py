"""Use case: keep the key that packs are signed with, in the keyring or behind a passphrase.

What is known of it without opening it (the public key, and where the private one lies) stands in
the data folder, so that an export without a key asks no keyring.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.audio_files.durable import sync_folder, write_atomically
from app.domain.errors import AppError
from app.services.pack.signature import Signer, fingerprint_of

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from app.domain.home import Home

KEYRING, FILE = "keyring", "file"
SHORTEST_PASSPHRASE = 12


class SigningKeyError(AppError):
    """The key for signing cannot be made, opened or kept."""


class NoKeyringError(SigningKeyError):
    """The system has no keyring, or does not open it."""

    exit_code = 3

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The system's keyring does not open: {reason}.",
            remedy="Unlock it, or keep the key behind a passphrase: --passphrase-file FILE.",
        )


class SecretStore(Protocol):
    """Keeps secrets; the system's keyring in the program.

    Each method raises ``NoKeyringError`` where there is none, or it stays locked.
    """

    def get(self, name: str) -> str | None:
        """Return a secret; None if there is none of that name."""

    def put(self, name: str, secret: str) -> None:
        """Keep a secret."""

    def remove(self, name: str) -> None:
        """Forget a secret, if it is there."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What is known of the key without opening it; ``kept_in`` is ``keyring`` or ``file``."""

    public_key: str
    kept_in: str

    @property
    def fingerprint(self) -> str:
        """What people compare."""
        return fingerprint_of(self.public_key)

    @property
    def name(self) -> str:
        """What the keyring calls it."""
        return f"signing key {self.fingerprint}"


class SigningKeys:
    """Makes, opens and forgets the one key of a data folder."""

    def __init__(self, home: Home, secrets: SecretStore) -> None:
        self._home = home
        self._secrets = secrets

    def known(self) -> KnownKey | None:
        """Return what is known of the key; None if there is none.

        Raises:
            SigningKeyError: The note about it cannot be read.
        """
        path = self._home.signing_key
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return KnownKey(values["public_key"], values["kept_in"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as cause:
            raise SigningKeyError(
                f"{path} cannot be read ({cause}).",
                remedy="Put it back from a backup, or “hotwash sign-key forget” and make another.",
            ) from cause

    def create(self, passphrase: str = "") -> KnownKey:
        """Make a key and keep it: behind the passphrase, or in the keyring where none is given.

        Raises:
            SigningKeyError: There is a key already, the passphrase is short, or the folder
                cannot be written.
            NoKeyringError: There is no keyring.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415  slow
            Ed25519PrivateKey,
        )

        if self.known() is not None:
            raise SigningKeyError(
                "There is a signing key already.",
                remedy="Keep it, or “hotwash sign-key forget” first; old packs stay verifiable.",
            )
        private = Ed25519PrivateKey.generate()
        public_key = private.public_key().public_bytes_raw().hex()
        key = KnownKey(public_key, FILE if passphrase else KEYRING)
        if passphrase:
            self._write(self._home.signing_key_file, _locked(private, passphrase))
        else:
            self._secrets.put(key.name, private.private_bytes_raw().hex())
        note = json.dumps({"public_key": key.public_key, "kept_in": key.kept_in}) + "\n"
        self._write(self._home.signing_key, note.encode())
        return key

    def forget(self) -> bool:
        """Remove the key for good; return whether there was one.

        Raises:
            NoKeyringError: It is in the keyring, and that does not open.
        """
        try:
            key = self.known()
        except SigningKeyError:  # a broken note must not keep a key from being forgotten
            key = None
        if key is not None and key.kept_in == KEYRING:
            self._secrets.remove(key.name)
        files = [self._home.signing_key_file, self._home.signing_key]
        were_there = [path for path in files if path.exists()]
        for path in were_there:
            path.unlink()
            sync_folder(path.parent)
        return bool(were_there)

    def signer(self, passphrase: str = "") -> Signer | None:
        """Return what signs; None if there is no key.

        Raises:
            SigningKeyError: It does not open, or is not the one that is noted.
            NoKeyringError: It is in the keyring, and that does not open.
        """
        key = self.known()
        if key is None:
            return None
        signer = self._from_keyring(key) if key.kept_in == KEYRING else self._from_file(passphrase)
        if signer.public_key != key.public_key:
            raise SigningKeyError(
                "The private key is not that of the public one on record.",
                remedy="Put it back from a backup, or “hotwash sign-key forget” and make another.",
            )
        return signer

    def _from_keyring(self, key: KnownKey) -> Signer:
        secret = self._secrets.get(key.name)
        if secret is None:
            raise SigningKeyError(
                "The keyring does not hold the signing key any more.",
                remedy="“hotwash sign-key forget”, then make another; or export with --unsigned.",
            )
        return Signer(bytes.fromhex(secret))

    def _from_file(self, passphrase: str) -> Signer:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  as above
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415  as above
            Ed25519PrivateKey,
        )

        path = self._home.signing_key_file
        if not passphrase:
            raise SigningKeyError(
                "The signing key is behind a passphrase.",
                remedy="Give it with --passphrase-file FILE, or export with --unsigned.",
            )
        try:
            private = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode())
        except (OSError, ValueError) as cause:
            raise SigningKeyError(
                f"The signing key in {path} does not open.", remedy="Check the passphrase."
            ) from cause
        if not isinstance(private, Ed25519PrivateKey):
            raise SigningKeyError(
                f"{path} holds a key of another kind.", remedy="Put it back from a backup."
            )
        return Signer(private.private_bytes_raw())

    def _write(self, path: Path, content: bytes) -> None:
        try:
            write_atomically(path, content, mode=0o600)
        except OSError as cause:
            raise SigningKeyError(
                f"{path} cannot be written: {cause.strerror or cause}.",
                remedy="Free some disk space, or make the data folder writable.",
            ) from cause


def _locked(private: Ed25519PrivateKey, passphrase: str) -> bytes:
    """Return the key as PEM that the passphrase opens, also with openssl."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  as above

    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise SigningKeyError(
            f"The passphrase has fewer than {SHORTEST_PASSPHRASE} characters.",
            remedy="Take a longer one: whoever has the file can try as many as they like.",
        )
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
