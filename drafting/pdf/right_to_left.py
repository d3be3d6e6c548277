"""Right-to-left text: letters joined as the script asks, words in the order in which one reads.

ReportLab 5.1 reorders only paragraphs in a single font; ours mix fonts in one line.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

import uharfbuzz
from bidi import algorithm

if TYPE_CHECKING:
    from collections.abc import Mapping

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]+")


def begins_right_to_left(text: str) -> bool:
    """Whether a text as a whole reads from the right, as its first letter decides."""
    return bool(algorithm.get_base_level(text))


def visual(text: str, *, from_right: bool) -> list[tuple[str, int]]:
    """Return the characters of one line as they stand from left to right, with their places.

    Brackets are mirrored where they are read from the right.
    """
    storage = algorithm.get_empty_storage()
    storage["base_level"] = int(from_right)
    storage["base_dir"] = "R" if from_right else "L"
    algorithm.get_embedding_levels(text, storage)
    for place, char in enumerate(storage["chars"]):
        char["place"] = place
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    algorithm.reorder_resolved_levels(storage, debug=False)
    algorithm.apply_mirroring(storage, debug=False)
    return [(char["ch"], char["place"]) for char in storage["chars"]]


def visual_text(text: str) -> str:
    """Return one line as it stands from left to right; a text without such letters as it is."""
    if not RIGHT_TO_LEFT.search(text):
        return text
    return "".join(char for char, _ in visual(text, from_right=begins_right_to_left(text)))


class Joiner:
    """Replaces Arabic letters by their joined forms, still in the order of speech.

    The shaper chooses the forms; a form that the font gives no character stays a plain letter.
    """

    def __init__(self, font: bytes, characters: Mapping[int, int]) -> None:
        self._font = uharfbuzz.Font(uharfbuzz.Face(font))
        # Of the characters that share a glyph the last is the joined form: those lie highest.
        self._of_glyph = {glyph: code for code, glyph in sorted(characters.items())}

    def joined(self, text: str) -> str:
        """Return the text with each run of Arabic letters joined."""
        return ARABIC.sub(lambda found: self._word(found[0]), text)

    def _word(self, word: str) -> str:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._font, buffer)
        forms = []
        for info in reversed(buffer.glyph_infos):  # which stand from left to right
            form = chr(self._of_glyph.get(info.codepoint, 0))
            forms.append(form if plain(form)[:1] == word[info.cluster] else word[info.cluster])
        return "".join(forms)


@functools.cache
def plain(char: str) -> str:
    """Return what was typed for a character: the letters of a joined form."""
    form = "\ufb50" <= char <= "\ufefc"
    return unicodedata.normalize("NFKC", char) if form else char
