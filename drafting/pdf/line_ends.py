"""Where lines of Chinese and Japanese may end: what closes a sentence hangs on to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
NEVER_FIRST = (
    "\u3001\u3002\uff0c\uff0e\uff01\uff1f\u300d\u300f\uff09\u3011\u30fb\u30fc\u3063\u30c3"
)


def hanging(block: Any) -> Any:
    """Return a paragraph's broken lines; what may not begin one is at the end of that before.

    The lines were broken a character short, so that there is room for it.
    """
    kept: list[Any] = []
    for line in block.lines:
        if kept:
            _hand_up(kept[-1], line, is_single=block.kind == 0)
        if not kept or _texts(line, is_single=block.kind == 0):
            kept.append(line)
    block.lines[:] = kept
    return block


def _texts(line: Any, *, is_single: bool) -> str:
    return "".join(line[1] if is_single else (run.text for run in line.words)).strip()


def _hand_up(above: Any, line: Any, *, is_single: bool) -> None:
    """Move a first character that closes a sentence to the end of the line above."""
    if is_single:
        _move_word(above[1], line[1])
    elif above.words and line.words:
        _move_run(above.words, line.words)


def _move_word(above: list[str], words: list[str]) -> None:
    if above and words and words[0][:1] in NEVER_FIRST and words[0]:
        above[-1] += words[0][0]
        words[0] = words[0][1:]
        if not words[0]:
            del words[0]


def _move_run(above: list[Any], runs: Sequence[Any]) -> None:
    first = runs[0]
    if not first.text or first.text[0] not in NEVER_FIRST:
        return
    moved = first.clone(text=first.text[0])
    first.text = first.text[1:]
    above.append(moved)
