"""A file is searched a block at a time, and what lies across blocks is found all the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from app.domain.redacting import SoughtWords
from app.services.word_search import BLOCK_BYTES, MARGIN_BYTES, WordSearch

if TYPE_CHECKING:
    from pathlib import Path

SOUGHT = SoughtWords.of(["the root password is tulip"])
TOLD = b"root password is tulip"


@pytest.mark.parametrize("place", [0, 7, MARGIN_BYTES, BLOCK_BYTES - MARGIN_BYTES, BLOCK_BYTES])
@pytest.mark.parametrize("shift", [-len(TOLD), -9, 0, 1])
def test_words_are_found_once_wherever_blocks_meet(tmp_path: Path, place: int, shift: int) -> None:
    start = max(0, place + shift)
    path = tmp_path / "a.log"
    path.write_bytes(b"." * start + TOLD + b"." * (2 * BLOCK_BYTES))

    found = WordSearch().words_in(path, SOUGHT)

    assert found.spans == ((start, start + len(TOLD)),)
    assert (found.is_text, found.leaves_some) == (True, False)


def test_a_run_as_long_as_several_blocks_is_one_stretch(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes((TOLD + b", ") * (2 * BLOCK_BYTES // len(TOLD)) + b"and on")

    ((start, end),) = WordSearch().words_in(path, SOUGHT).spans

    assert (start, path.read_bytes()[end:]) == (0, b", and on")


def test_where_a_block_begins_amid_a_word_its_end_is_not_taken_for_another(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    begins = BLOCK_BYTES - 2 * MARGIN_BYTES  # the second block
    path.write_bytes(b"." * (begins - 2) + b"antulip " + b"." * (2 * BLOCK_BYTES) + b" tulip ")

    ((start, _end),) = WordSearch().words_in(path, SoughtWords.of((), ["tulip"])).spans

    assert start > 2 * BLOCK_BYTES


def test_a_file_that_has_changed_is_searched_anew(tmp_path: Path) -> None:
    path, search = tmp_path / "a.log", WordSearch()
    path.write_bytes(b"nothing of it.........")
    assert search.words_in(path, SOUGHT).spans == ()
    assert search.words_in(path, SOUGHT) is search.words_in(path, SOUGHT)

    path.write_bytes(TOLD)
    os.utime(path, ns=(1, 1))

    assert search.words_in(path, SOUGHT).spans


def test_a_picture_with_a_part_of_the_words_behind_much_else_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"." * BLOCK_BYTES + b"\0" + b"." * BLOCK_BYTES + b" the root password\n")

    found = WordSearch().words_in(path, SOUGHT)

    assert (found.is_text, found.leaves_some) == (False, True)
