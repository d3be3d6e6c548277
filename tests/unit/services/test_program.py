"""What is wired while people wait for the window, and what is not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import build
from app.domain.home import Home

if TYPE_CHECKING:
    from pathlib import Path

ASKED = "#!/bin/sh\ntouch {mark}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the tool is made as a script of the shell")
def test_nobody_asks_for_a_graphics_card_before_the_desk_is_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A driver that hangs lets its tool take seconds."""
    mark, tool = tmp_path / "asked", tmp_path / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.write_text(ASKED.format(mark=mark))
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")
    program = build(Home(tmp_path / "home"), actor="Marcus", offline=True)
    try:
        program.load()
        assert not mark.exists()

        assert "demonstration model" in program.model_note
        assert mark.exists(), "choosing a model takes it"
    finally:
        program.shutdown()
