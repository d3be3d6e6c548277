"""A proxy on this machine: forwards what is asked of it, tunnels for HTTPS, and keeps a list."""

from __future__ import annotations

import base64
import http.client
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"proxy-authorization", "proxy-connection", "connection"}


@dataclass
class ProxyServer:
    """``password`` as ``name:password``, if one is wanted; ``seen`` are methods and addresses."""

    password: str = ""
    seen: list[str] = field(default_factory=list)

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"


class _Handler(BaseHTTPRequestHandler):
    proxy: ProxyServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self._may():
            return
        target = urlsplit(self.path)
        there = http.client.HTTPConnection(target.hostname or "", target.port or 80, timeout=10)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
        there.request(self.command, target._replace(scheme="", netloc="").geturl(), body, headers)
        answer = there.getresponse()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        while chunk := answer.read(65_536):
            self.wfile.write(chunk)
        there.close()

    def do_CONNECT(self) -> None:
        if not self._may():
            return
        host, _, port = self.path.partition(":")
        there = socket.create_connection((host, int(port)), timeout=10)
        self.send_response_only(200)
        self.end_headers()
        back = threading.Thread(target=_pump, args=(there, self.connection))
        back.start()
        _pump(self.connection, there)
        back.join()
        there.close()
        self.close_connection = True

    def _may(self) -> bool:
        self.proxy.seen.append(f"{self.command} {self.path}")
        wanted = base64.b64encode(self.proxy.password.encode()).decode()
        if self.proxy.password and self.headers.get("Proxy-Authorization") != f"Basic {wanted}":
            self.send_response_only(407)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False
        return True


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other side has hung up, which ends a tunnel
