"""What was redacted is found in what leaves the program, however the file spells it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import ExportError
from app.domain.home import Home
from app.domain.redacting import SoughtWords
from app.services.redaction_check import BYTES_BEFORE, LONGEST_LINE, RedactionCheck
from app.services.redaction_memory import RedactionMemory
from tests.builders import INCIDENT, a_record

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2"
CLIP = b'<audio src="data:audio/flac;base64,'


@pytest.fixture
def check(tmp_path: Path) -> RedactionCheck:
    memory = RedactionMemory(Home(tmp_path))
    memory.keep(INCIDENT, SoughtWords.of((), (SECRET,)))
    return RedactionCheck(memory)


def is_refused(check: RedactionCheck, folder: Path, content: bytes) -> bool:
    folder.mkdir()
    (folder / "document").write_bytes(content)
    try:
        check.refuse(a_record(), folder)
    except ExportError:
        return True
    return False


@pytest.mark.parametrize(
    "content",
    [
        b"SUMMARY:Change the password\r\n  hunter2\r\n",
        b"SUMMARY:Change the password, which was hun\r\n ter2\r\n",
        rb'{"text": "the password:\nhunter2"}',
        b"x" * (LONGEST_LINE - 4) + b" hunter2",
        CLIP + b"A" * LONGEST_LINE + b'"> hunter2',
    ],
)
def test_words_are_found_where_a_line_is_folded_escaped_or_very_long(
    check: RedactionCheck, tmp_path: Path, content: bytes
) -> None:
    assert is_refused(check, tmp_path / "out", content)


@pytest.mark.parametrize("cut", [0, 1, 12, len(CLIP), BYTES_BEFORE, LONGEST_LINE])
def test_an_embedded_clip_says_nothing_wherever_it_is_cut(
    check: RedactionCheck, tmp_path: Path, cut: int
) -> None:
    sound = base64.b64encode(bytes(LONGEST_LINE)) + b"/hunter2/" + b"A" * LONGEST_LINE
    before = b"x" * (LONGEST_LINE - cut)
    assert not is_refused(check, tmp_path / "out", before + CLIP + sound + b'"></audio>\n')
