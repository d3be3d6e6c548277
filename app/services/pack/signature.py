"""The signature of a pack: Ed25519 over the bytes of ``SHA256SUMS``.

The file is text: what it is, the public key, the signature, both in hex. It has one spelling.
``openssl pkeyutl -verify -rawin`` checks the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HEAD = "hotwash signature, Ed25519 over SHA256SUMS"
FORM = re.compile(
    rf"{re.escape(HEAD)}\npublic key: ([0-9a-f]{{64}})\nsignature: ([0-9a-f]{{128}})\n"
)
LARGEST_BYTES = 1024
FINGERPRINT_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, by the public key (hex), and whether it holds."""

    public_key: str
    valid: bool

    @property
    def fingerprint(self) -> str:
        """What people compare."""
        return fingerprint_of(self.public_key)


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with a private key, 32 bytes."""

    private_key: bytes = field(repr=False)

    @property
    def public_key(self) -> str:
        """The other half, in hex."""
        return self._key.public_key().public_bytes_raw().hex()

    @property
    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  slow

        return ed25519.Ed25519PrivateKey.from_private_bytes(self.private_key)

    def signature_file(self, signed: bytes) -> bytes:
        """Return the file that goes into a pack."""
        signature = self._key.sign(signed).hex()
        return f"{HEAD}\npublic key: {self.public_key}\nsignature: {signature}\n".encode()


def read_signature(data: bytes, signed: bytes) -> Signature:
    """Return who signed, and whether they signed these bytes.

    Raises:
        ValueError: It is no signature of this form.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415  as above
        Ed25519PublicKey,
    )

    found = FORM.fullmatch(data.decode("ascii"))
    if found is None:
        raise ValueError("it is not spelled as it was written")
    public_key, signature = found.groups()
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(
            bytes.fromhex(signature), signed
        )
    except InvalidSignature:
        return Signature(public_key, valid=False)
    return Signature(public_key, valid=True)


def fingerprint_of(public_key: str) -> str:
    """Return the first half of the key's SHA-256, in groups of four."""
    digest = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()
    return _in_groups(digest[:FINGERPRINT_DIGITS])


def read_fingerprint(text: str) -> str:
    """Return a fingerprint as it is compared, however a person spells it.

    Raises:
        ValueError: It is none.
    """
    digits = re.sub(r"[\s:]", "", text).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{FINGERPRINT_DIGITS}}}", digits):
        raise ValueError(text)
    return _in_groups(digits)


def _in_groups(digits: str) -> str:
    return ":".join(digits[i : i + 4] for i in range(0, len(digits), 4))
