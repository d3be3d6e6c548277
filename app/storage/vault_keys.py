"""The key that seals remembered voices: in the system's keyring, or out of a passphrase."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Protocol

import keyring
from keyring.core import get_keyring, recommended
from keyring.errors import KeyringError, PasswordDeleteError

from app.domain.errors import PassphraseNeededError, VoicePrintError

KEY_BYTES = 32
SERVICE = "hotwash remembered voices"
# A guess costs 32 MB and a tenth of a second.
SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26, "dklen": KEY_BYTES}


class VaultKeys(Protocol):
    """Where keys come from; each file has a salt of its own, and with it a key."""

    mark: bytes  # what a file says of how it is sealed, one byte
    words: str

    def make(self, salt: bytes) -> bytes:
        """Return the key for a new file."""

    def get(self, salt: bytes) -> bytes:
        """Return the key of a file."""

    def drop(self, salt: bytes) -> None:
        """Forget the key of a file, which nobody opens any more."""


class KeyringKeys:
    """Random keys that the desktop keeps among its secrets."""

    mark = b"K"
    words = "Sealed; the key is in the system's keyring."

    @staticmethod
    def usable() -> bool:
        """Whether there is a keyring that keeps secrets well; asking may wake a service."""
        return bool(recommended(get_keyring()))

    def make(self, salt: bytes) -> bytes:
        """Keep a new key."""
        key = secrets.token_bytes(KEY_BYTES)
        try:
            keyring.set_password(SERVICE, salt.hex(), base64.b64encode(key).decode())
        except KeyringError as cause:
            raise _not_given(cause) from cause
        return key

    def get(self, salt: bytes) -> bytes:
        """Ask for a key; the desktop may ask a person first."""
        try:
            kept = keyring.get_password(SERVICE, salt.hex())
        except KeyringError as cause:
            raise _not_given(cause) from cause
        if kept is None:
            raise VoicePrintError(
                "The key of the remembered voices is not in the system's keyring any more.",
                remedy="Nobody can open them; begin again with “hotwash voices forget-all”.",
            )
        return base64.b64decode(kept)

    def drop(self, salt: bytes) -> None:
        """Take a key out; one that is not there is gone already."""
        try:
            keyring.delete_password(SERVICE, salt.hex())
        except PasswordDeleteError:
            pass  # it is not there
        except KeyringError as cause:
            raise _not_dropped(cause) from cause


class PassphraseKeys:
    """Keys made of a passphrase, kept nowhere."""

    mark = b"P"
    words = "Sealed with a passphrase."

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase

    def make(self, salt: bytes) -> bytes:
        """Return the key that the passphrase makes."""
        return self.get(salt)

    def get(self, salt: bytes) -> bytes:
        """Return the key that the passphrase makes."""
        if not self._passphrase:
            raise PassphraseNeededError
        return hashlib.scrypt(self._passphrase.encode(), salt=salt, **SCRYPT)

    def drop(self, salt: bytes) -> None:
        """There is nothing to forget."""


def _not_dropped(cause: Exception) -> VoicePrintError:
    return VoicePrintError(
        f"It is done, but the system's keyring has not dropped the key of before: {cause}.",
        remedy=f"Nothing is left that it opens; drop “{SERVICE}” in the keyring yourself.",
    )


def _not_given(cause: Exception) -> VoicePrintError:
    return VoicePrintError(
        f"The system's keyring does not do what it is asked: {cause}.",
        remedy="Unlock the keyring, and try again; nothing was changed.",
    )
