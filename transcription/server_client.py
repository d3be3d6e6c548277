"""Asks a transcription server, and tells what went wrong in a sentence each.

Audio goes to the host that a person agreed to and to no other: a redirection is refused.
"""

from __future__ import annotations

import email.utils
import json
import os
import ssl
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.errors import EnvironmentMissingError, ServerRefusedError, ServerUnavailableError
from transcription.proxies import proxy_for, shown

if TYPE_CHECKING:
    import httpx2

    from app.domain.transcription_server import TranscriptionServer

CONNECT_S = 10.0
ANSWER_S = 60.0  # for a whole answer: one that comes drop by drop is none
LARGEST_ANSWER = 10_000_000  # bytes; half a minute of words is some ten thousand
LONGEST_RETRY_S = 600.0
SHOWN_REASON = 200  # characters
OK = 200
LATER = {408, 425, 429}  # timed out, too early, too many requests
INTERNAL_ERROR = 500
ON_RECORDING = "The audio is safe here; recognition goes on when the server answers again."
TO_LOCAL = "Or recognise on this machine: hotwash server off, then open Hotwash again."
REMEDIES = {
    401: "Give it a valid access token: hotwash server set --help.",
    403: "Give it a valid access token: hotwash server set --help.",
    404: "Check the server's address and the model's name: hotwash server show.",
    413: "Let its owner allow requests of 1 MB.",
}


class ServerClient:
    """Talks to one server; ``answer_s`` is how long a whole answer may take.

    ``prompt`` is what it is told to expect, ``proxy`` the settings' own.

    Raises:
        EnvironmentMissingError: The HTTP library does not load.
        ServerRefusedError: The settings' proxy has no address.
    """

    def __init__(
        self,
        server: TranscriptionServer,
        *,
        prompt: str = "",
        proxy: str = "",
        answer_s: float = ANSWER_S,
    ) -> None:
        try:
            import httpx2
        except ImportError as cause:
            raise EnvironmentMissingError(
                f"The HTTP library does not load: {cause}.", remedy="Run the set-up again."
            ) from cause
        self._server = server
        self._prompt = prompt
        self._answer_s = answer_s
        self._proxy = proxy_for(server.url, proxy)
        chosen = self._proxy if proxy else ""  # the environment's the library finds itself
        try:
            self._client = httpx2.Client(
                timeout=httpx2.Timeout(answer_s, connect=CONNECT_S),
                # The system's certificates, to which a team adds its own.
                verify=ssl.create_default_context(),
                follow_redirects=False,
                proxy=chosen or None,
            )
        except (ValueError, httpx2.InvalidURL) as cause:
            raise self._refused(
                f"cannot be asked through the proxy {shown(self._proxy)}, which is no address",
                "Set “proxy” in the settings to one such as http://proxy.example.org:8080.",
            ) from cause

    def transcribe(self, wav: bytes, *, language: str | None) -> dict[str, Any]:
        """Return the server's answer to a WAV file.

        Raises:
            ServerUnavailableError: It does not answer, or not with a transcript; later it may.
            ServerRefusedError: It will not, however often it is asked.
        """
        token = _token(self._server)
        status, headers, body = self._post(wav, language, token)
        if status != OK:
            raise self._not_done(status, headers, _without(token, body))
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self.no_transcript()
        return answer

    def no_transcript(self) -> ServerUnavailableError:
        """Return what to say of an answer that makes no sense."""
        return self._unavailable("answers, but not with a transcript")

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _post(
        self, wav: bytes, language: str | None, token: str
    ) -> tuple[int, httpx2.Headers, bytes]:
        import httpx2

        fields = {
            "model": self._server.model,
            "response_format": "verbose_json",
            "timestamp_granularities[]": ["word", "segment"],
            "temperature": "0",
            **({"language": language} if language else {}),
            **({"prompt": self._prompt} if self._prompt else {}),
        }
        try:
            with self._client.stream(
                "POST",
                self._server.endpoint,
                data=fields,
                files={"file": ("speech.wav", wav, "audio/wav")},
                headers={"Authorization": f"Bearer {token}"} if token else {},
            ) as response:
                return response.status_code, response.headers, self._body(response)
        except httpx2.TimeoutException as cause:
            raise self._too_slow() from cause
        except (httpx2.TransportError, httpx2.DecodingError) as cause:
            raise self._not_reached(cause) from cause

    def _body(self, response: httpx2.Response) -> bytes:
        body = b""
        ends = time.monotonic() + self._answer_s
        for block in response.iter_bytes():
            body += block
            if time.monotonic() > ends:
                raise self._too_slow()
            if len(body) > LARGEST_ANSWER:
                raise self.no_transcript()
        return body

    def _not_reached(self, cause: Exception) -> ServerRefusedError | ServerUnavailableError:
        reason: BaseException | None = cause
        while reason is not None:
            if isinstance(reason, ssl.SSLCertVerificationError):
                return self._refused(
                    f"cannot be trusted: its certificate does not hold ({reason.verify_message})",
                    "Let its owner mend it, or add your authority's certificate to the system; "
                    "SSL_CERT_FILE can name one.",
                )
            reason = reason.__cause__ or reason.__context__
        through = f" through the proxy {shown(self._proxy)}" if self._proxy else ""
        why = str(cause).rstrip(".") or "it hung up"
        return self._unavailable(f"is not reached{through}: {why}")

    def _not_done(
        self, status: int, headers: httpx2.Headers, body: str
    ) -> ServerRefusedError | ServerUnavailableError:
        told = _reason(body)
        why = f"({status}{f': {told}' if told else ''})"
        if status in LATER or status >= INTERNAL_ERROR:
            return self._unavailable(f"cannot do it now {why}", _retry_after_s(headers))
        if status < OK or status in range(300, 400):
            to = headers.get("location", "elsewhere")
            return self._refused(
                f"sends us on to {to}, where no audio goes without your word",
                "Set that address if you trust it: hotwash server set URL.",
            )
        remedy = REMEDIES.get(status, "Check its settings: hotwash server show.")
        return self._refused(f"refuses {why}", remedy)

    def _too_slow(self) -> ServerUnavailableError:
        return self._unavailable(f"has not answered within {self._answer_s:g} s")

    def _unavailable(self, clause: str, retry_after_s: float = 0.0) -> ServerUnavailableError:
        return ServerUnavailableError(
            f"The transcription server {self._server.host} {clause}.",
            remedy=f"{ON_RECORDING} {TO_LOCAL}",
            retry_after_s=retry_after_s,
        )

    def _refused(self, clause: str, remedy: str) -> ServerRefusedError:
        return ServerRefusedError(
            f"The transcription server {self._server.host} {clause}.",
            remedy=f"{remedy} {TO_LOCAL}",
        )


def _token(server: TranscriptionServer) -> str:
    """Read the access token anew, so that a new one counts at once; empty where none is set.

    Raises:
        ServerRefusedError: It is not where the settings say.
    """
    if server.token_variable:
        token, place = os.environ.get(server.token_variable, ""), server.token_variable
    elif server.token_file:
        place = server.token_file
        try:
            token = Path(place).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            token = ""
    else:
        return ""
    token = token.strip()
    # What is no header must not be repeated by the library's own message.
    if not token or not token.isascii() or not token.isprintable():
        raise ServerRefusedError(
            f"There is no access token for {server.host} in {place}.",
            remedy=f"Put it there, or set another place: hotwash server set --help. {TO_LOCAL}",
        )
    return token


def _without(token: str, body: bytes) -> str:
    """Return what a server says, less the token, which some servers repeat."""
    text = body.decode(errors="replace")
    return text.replace(token, "…") if token else text


def _reason(body: str) -> str:
    """Return a server's own reason, if it gives one as OpenAI's does; never a page of HTML."""
    try:
        told = json.loads(body)
        told = told.get("error", told.get("detail"))
        told = told.get("message") if isinstance(told, dict) else told
    except (ValueError, AttributeError):
        return ""
    return " ".join(told.split())[:SHOWN_REASON].rstrip(".") if isinstance(told, str) else ""


def _retry_after_s(headers: httpx2.Headers) -> float:
    """Return how long the server wants to be left alone: seconds, or until a date."""
    told = headers.get("retry-after", "").strip()
    if told.isdecimal():
        return min(float(told), LONGEST_RETRY_S)
    try:
        until = email.utils.parsedate_to_datetime(told)
    except ValueError:
        return 0.0
    left = until - datetime.now(UTC)
    return min(max(0.0, left.total_seconds()), LONGEST_RETRY_S)
