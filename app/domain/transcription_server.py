"""A transcription server of the team's own: the one way in which audio leaves this machine."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

EXAMPLE = "such as https://asr.example.org"
OVER_THE_NETWORK = {"http", "https"}


@dataclass(frozen=True, slots=True)
class TranscriptionServer:
    """A server that speaks OpenAI's transcription protocol, as a person set it up.

    The token itself is kept nowhere: the settings only say where it is read from, at each request.

    Attributes:
        url: Its address without the path ``/v1/audio/transcriptions``, which is added.
        model: What the server calls the model.
        agreed_host: The host for which a person agreed that audio leaves this machine.
        in_use: Whether it recognises, and not a model on this machine.
        token_variable: The environment variable that holds the access token.
        token_file: A file that holds the token.
        prompt: Words that the server is told to expect.
    """

    url: str
    model: str
    agreed_host: str = ""
    in_use: bool = True
    token_variable: str = ""
    token_file: str = ""
    prompt: str = ""

    def __post_init__(self) -> None:
        _refuse_address(self.url)
        if not self.model.strip():
            raise ValueError("the server's model has no name")
        if self.token_variable and self.token_file:
            raise ValueError("the server's token is in a variable or in a file, not in both")

    @property
    def host(self) -> str:
        """The host, with its port where the address names one."""
        return urlsplit(self.url).netloc

    @property
    def endpoint(self) -> str:
        """Where audio is sent."""
        base = self.url.rstrip("/").removesuffix("/v1")
        return f"{base}/v1/audio/transcriptions"

    @property
    def agreed(self) -> bool:
        """Whether a person has agreed to this host; an address that was changed asks anew."""
        return self.agreed_host == self.host

    @property
    def statement(self) -> str:
        """What a person agrees to."""
        open_line = " It is not encrypted on its way." if self._is_readable else ""
        return f"Audio leaves this machine for {self.host}.{open_line}"

    @property
    def _is_readable(self) -> bool:
        parts = urlsplit(self.url)
        return parts.scheme == "http" and not _is_this_machine(parts.hostname or "")


def _refuse_address(url: str) -> None:
    """Refuse what is no address, and what would put a secret into the settings.

    Raises:
        ValueError: It is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in OVER_THE_NETWORK or not parts.hostname:
        raise ValueError(f"“{url}” is no server's address, {EXAMPLE}")
    if parts.username or parts.password:
        raise ValueError("the server's address must hold no password: give the token by itself")
    if parts.query or parts.fragment:
        raise ValueError(f"the server's address must end with its path, {EXAMPLE}")
    if parts.port == 0:
        raise ValueError("the server's address names port 0")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"
