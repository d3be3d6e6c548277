"""The keyring of the operating system, as the services know it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.services.pack.signing import NoKeyringError

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "hotwash"


class SystemKeyring:
    """Implements ``SecretStore``: Secret Service, Keychain or Credential Manager."""

    def get(self, name: str) -> str | None:
        """Return a secret; None if there is none of that name."""
        import keyring  # noqa: PLC0415  it looks for its backends, which takes a while

        with _refusals():
            return keyring.get_password(SERVICE, name)

    def put(self, name: str, secret: str) -> None:
        """Keep a secret."""
        import keyring  # noqa: PLC0415  as above

        with _refusals():
            keyring.set_password(SERVICE, name, secret)

    def remove(self, name: str) -> None:
        """Forget a secret, if it is there."""
        import keyring  # noqa: PLC0415  as above
        from keyring.errors import PasswordDeleteError  # noqa: PLC0415  as above

        with _refusals(), contextlib.suppress(PasswordDeleteError):
            keyring.delete_password(SERVICE, name)


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Tell in a sentence that there is no keyring, or that it stays locked.

    Raises:
        NoKeyringError: So it is.
    """
    from keyring.errors import KeyringError  # noqa: PLC0415  as above

    try:
        yield
    except KeyringError as cause:
        reason = str(cause).partition(".")[0] or type(cause).__name__
        raise NoKeyringError(reason) from cause
