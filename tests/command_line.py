"""Runs ``hotwash`` as a person or a script would."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from app.cli import run

if TYPE_CHECKING:
    from pathlib import Path


def _close_logs() -> None:
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, logging.FileHandler):
            root.removeHandler(handler)
            handler.close()


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Hotwash:
    """The command line over one data folder; ``environment`` is added to this process's own."""

    home: Path
    environment: dict[str, str]

    def command(self, *words: str | Path) -> list[str]:
        """Return the whole command."""
        return [sys.executable, "-m", "app", *map(str, words), "--home", str(self.home)]

    def run(self, *words: str | Path, stdin: str = "") -> Done:
        """Run a command to its end, however it ends; in this process, for speed."""
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            for name, value in self.environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            try:
                code = run([*map(str, words), "--home", str(self.home)])
            finally:
                _close_logs()
        out.seek(0)
        return Done(code, out.read(), err.getvalue())

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start a command that runs on; its output can be read."""
        return subprocess.Popen(
            self.command(*words),
            env=os.environ | self.environment | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def json(self, *words: str | Path, stdin: str = "") -> Any:
        """Run a command that succeeds and return its document."""
        done = self.run(*words, "--json", stdin=stdin)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refusal(self, *words: str | Path, code: int, stdin: str = "") -> str:
        """Run a command that is refused with this exit code; return what it says."""
        done = self.run(*words, stdin=stdin)
        assert done.returncode == code, (done.stdout, done.stderr)
        assert done.stdout == "", "a refusal prints nothing to standard output"
        assert "Traceback" not in done.stderr
        return " ".join(done.stderr.split())
