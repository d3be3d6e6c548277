"""A keyring of the system that lives in memory."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryKeyring(KeyringBackend):
    """Keeps secrets as a desktop does; ``locked``, it refuses."""

    priority = 5  # type: ignore[assignment]  # keyring asks the class for a number

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._refuse_if_locked()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._refuse_if_locked()
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._refuse_if_locked()
        if self.secrets.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")

    def _refuse_if_locked(self) -> None:
        if self.locked:
            raise KeyringLocked("the collection is locked")


@contextlib.contextmanager
def in_use(backend: KeyringBackend | None) -> Iterator[None]:
    """Let it be the system's keyring; None for a system without."""
    before = keyring.get_keyring()
    keyring.set_keyring(backend or NoKeyring())
    try:
        yield
    finally:
        keyring.set_keyring(before)
