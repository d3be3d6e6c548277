"""A model hub on this machine: as much of its protocol as a download needs, over real HTTP."""

from __future__ import annotations

import hashlib
import json
import ssl
import subprocess
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 1_000_000  # what the hub keeps outside git, and names by SHA-256


@dataclass
class HubServer:
    """Serves ``files`` as one repository; the other fields say what goes wrong."""

    repository: str
    files: dict[str, bytes]
    break_after: int | None = None  # bytes of a large file, then the line breaks
    damaged: set[str] = field(default_factory=set)
    ignores_ranges: bool = False
    silent: bool = False
    fails: dict[str, int] = field(default_factory=dict)  # status by file; "" is the repository
    cut: set[str] = field(default_factory=set)  # files that end early, as if that were all
    stall_after: int | None = None  # bytes of a large file, then nothing comes any more
    pieces: int = 1  # of a large file, a tenth of a second between them
    stalled: threading.Event = field(default_factory=threading.Event)
    ranges: list[str] = field(default_factory=list)
    sent: int = 0  # bytes of large files
    tokens: set[str] = field(default_factory=set)

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = False
        self._scheme = "http"
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def speak_https(self, folder: Path) -> Path:
        """Take a certificate of its own; return the file that says to trust it."""
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=hub",
        ]
        command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
        subprocess.run(command, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https"
        return certificate

    def stop(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_silently(self) -> None:
        self._released.wait(30)

    @property
    def endpoint(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def info(self) -> dict[str, Any]:
        return {
            "id": self.repository,
            "sha": COMMIT,
            "private": False,
            "tags": [],
            "downloads": 0,
            "likes": 0,
            "siblings": [_sibling(name, data) for name, data in self.files.items()],
        }


def served(folder: Path, repository: str) -> HubServer:
    found = (path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
    files[".gitattributes"] = b"*.bin filter=lfs\n"
    return HubServer(repository, files)


def _sibling(name: str, data: bytes) -> dict[str, Any]:
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    told = {"rfilename": name, "size": len(data), "blobId": blob}
    if len(data) >= LARGE:
        told["lfs"] = {"sha256": _sha256(data), "size": len(data), "pointerSize": 134}
        told["blobId"] = "0" * 40
    return told


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub, path = self.hub, urlsplit(self.path).path
        hub.tokens.add(self.headers.get("Authorization", ""))
        resolved = f"/{hub.repository}/resolve/"
        if hub.silent:
            hub.wait_silently()
            self.close_connection = True
        elif (told := hub.fails.get(path.rpartition("/")[2] if resolved in path else "")) and (
            not path.startswith("/cdn/")
        ):
            self._answer(told, b"{}", Content_Type="application/json")
        elif path.startswith(f"/api/models/{hub.repository}"):
            self._answer(200, json.dumps(hub.info()).encode(), Content_Type="application/json")
        elif path.startswith(resolved):
            name = path.removeprefix(resolved).partition("/")[2]
            data = hub.files.get(name)
            if data is None:
                self._answer(404, X_Error_Code="EntryNotFound", X_Repo_Commit=COMMIT)
            elif len(data) >= LARGE:  # as the hub does: these lie on another server
                linked = {"X-Linked-Size": str(len(data)), "X-Linked-Etag": f'"{_sha256(data)}"'}
                self._answer(302, Location=f"/cdn/{name}", X_Repo_Commit=COMMIT, **linked)
            else:
                self._send_file(name)
        elif path.startswith("/cdn/"):
            self._send_file(path.removeprefix("/cdn/"))
        else:
            self._answer(404, b'{"error":"Repository not found"}', X_Error_Code="RepoNotFound")

    def _send_file(self, name: str) -> None:
        hub, data = self.hub, self.hub.files[name]
        if name in hub.damaged:
            data = bytes(len(data))
        if name in hub.cut:
            data = data[: len(data) // 2]
        asked = self.headers.get("Range", "")
        start = 0 if hub.ignores_ranges else int(asked[6:].partition("-")[0] or 0)
        if asked:
            hub.ranges.append(asked)
        self.send_response(206 if start else 200)
        self.send_header("ETag", f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(data) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if self.command == "HEAD":
            return
        end = len(data)
        if hub.break_after is not None and len(data) >= LARGE:
            end = max(start, hub.break_after)
            self.close_connection = True
        if len(data) >= LARGE:
            self._send_slowly(data, start, end)
        else:
            self.wfile.write(data[start:end])

    def _send_slowly(self, data: bytes, start: int, end: int) -> None:
        hub = self.hub
        step = -(-(end - start) // hub.pieces) or 1
        for begin in range(start, end, step):
            piece = data[begin : min(begin + step, end)]
            if hub.stall_after is not None and begin + len(piece) > hub.stall_after:
                hub.stalled.set()
                hub.wait_silently()
                return
            self.wfile.write(piece)
            hub.sent += len(piece)
            if hub.pieces > 1:
                time.sleep(0.1)
