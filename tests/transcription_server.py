"""A transcription server on this machine: OpenAI's protocol over real HTTP, with bad days."""

from __future__ import annotations

import email.parser
import email.policy
import io
import json
import ssl
import sys
import threading
import wave
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Asked:
    """One request, as it arrived."""

    path: str
    token: str
    fields: dict[str, list[str]]
    duration_ms: int


@dataclass(frozen=True)
class Answer:
    """What is sent back; ``cut`` bytes of it and then nothing, ``drips`` a byte at a time."""

    status: int = 200
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    drips: bool = False
    never: bool = False


def spoken(text: str = "rolling back now", *, language: str = "english") -> Answer:
    """An answer as OpenAI's own server gives it: words by themselves, without probabilities."""
    words = text.split()
    told = {
        "task": "transcribe",
        "language": language,
        "duration": 2.0,
        "text": text,
        "segments": [
            {
                "id": 0,
                "start": 0.2,
                "end": 1.8,
                "text": f" {text}",
                "avg_logprob": -0.2,
                "compression_ratio": 1.0,
                "no_speech_prob": 0.01,
            }
        ],
        "words": [
            {"word": word.strip(".,"), "start": 0.2 + n * 0.4, "end": 0.5 + n * 0.4}
            for n, word in enumerate(words)
        ],
    }
    return Answer(body=json.dumps(told).encode())


def refusal(status: int, message: str = "", **headers: str) -> Answer:
    """An answer that is none, with a reason as OpenAI's server gives it."""
    body = json.dumps({"error": {"message": message}}).encode() if message else b"<html>no</html>"
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(status, body, named)


@dataclass
class SpeechServer:
    """Gives ``answers`` one after the other, then what ``hears`` makes of each request."""

    answers: deque[Answer] = field(default_factory=deque)
    hears: Callable[[Asked], Answer] = field(default=lambda _asked: spoken())
    asked: list[Asked] = field(default_factory=list)
    certificate: Path | None = None  # with its key: then HTTPS

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"speech": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = False
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.released = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        scheme = "http" if self.certificate is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.server_port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self.answers.popleft() if self.answers else self.hears(asked)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client may hang up
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    speech: SpeechServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        answer = self.speech.answer(self._asked())
        if answer.never:
            self.speech.released.wait(30)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.drips:
            self._drip(answer.body)
        else:
            self.wfile.write(answer.body[: answer.cut])
        self.close_connection = self.close_connection or answer.cut is not None

    def _drip(self, body: bytes) -> None:
        for at in range(len(body)):
            if self.speech.released.wait(0.02):
                return
            try:
                self.wfile.write(body[at : at + 1])
            except OSError:  # the client has had enough
                self.close_connection = True
                return

    def _asked(self) -> Asked:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        fields: dict[str, list[str]] = {}
        audio = b""
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            content: Any = part.get_payload(decode=True)
            if name == "file":
                audio = content
            else:
                fields.setdefault(str(name), []).append(content.decode())
        token = self.headers.get("Authorization", "")
        return Asked(self.path, token, fields, _duration_ms(audio))


def _duration_ms(audio: bytes) -> int:
    """Read a WAV file; -1 for what is none."""
    try:
        with wave.open(io.BytesIO(audio)) as sound:
            return sound.getnframes() * 1_000 // sound.getframerate()
    except (wave.Error, EOFError):
        return -1
