"""Lines below what is said, on a real terminal and elsewhere."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import select
import sys
from typing import TYPE_CHECKING

import pytest

from app.cli.output import Output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ARRIVED_S = 0.1  # by then the kernel has handed over what was written
ERASE_LINE = "\x1b[2K"


@contextlib.contextmanager
def a_terminal() -> Iterator[Callable[[], str]]:
    """Make a terminal of standard output and error; yield what returns all it was sent."""
    seen, written = pty.openpty()
    with os.fdopen(written, "w") as file, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERM", "xterm")
        for name in ("NO_COLOR", "FORCE_COLOR"):
            patch.delenv(name, raising=False)
        patch.setattr(sys, "stdout", file)
        patch.setattr(sys, "stderr", file)

        def sent() -> str:
            file.flush()
            parts = []
            while select.select([seen], [], [], ARRIVED_S)[0]:
                parts.append(os.read(seen, 65_536))
            return b"".join(parts).decode()

        yield sent
    os.close(seen)


def test_lines_stand_below_what_is_said_and_are_erased_in_the_end() -> None:
    with a_terminal() as sent:
        output = Output(as_json=False)
        with output.changing_end() as show:
            show(["bridge: we are …"])
            assert "bridge: we are …" in sent()
            output.say("We are declaring a SEV1.")
            meanwhile = sent()
        afterwards = sent()

    erased, said, again = (
        meanwhile.index(words)
        for words in (ERASE_LINE, "We are declaring a SEV1.", "bridge: we are …")
    )
    assert erased < said < again
    assert ERASE_LINE in afterwards.rpartition("bridge: we are …")[2], (
        "it was the last to be shown"
    )


def test_elsewhere_there_is_nothing_but_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stdout", file)
    output = Output(as_json=False)

    with output.changing_end() as show:
        show(["bridge: we are …"])
        output.say("We are declaring a SEV1.")

    assert file.getvalue() == "We are declaring a SEV1.\n"
