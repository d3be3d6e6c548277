"""A font that is embedded so that copying from the page gives what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from drafting.pdf.right_to_left import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_IN_A_BLOCK = 100  # of a character map, by the PDF specification


class EmbeddedFont(TTFont):  # type: ignore[misc]  # ReportLab carries no types
    """WORKAROUND ReportLab 5.1: its character maps are wrong beyond U+FFFF and too long.

    Joined Arabic forms lead to the letters that were typed.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802  ReportLab's name
        """Add the font's objects, then put right what they tell of their characters."""
        subsets = list(self.state[doc].subsets)
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode()
            doc.idToObject[f"toUnicodeCMap:{name}"].content = character_map(name, subset)


def character_map(name: str, codes: Sequence[int]) -> str:
    """Return the map from a subset's bytes to text."""
    blocks = []
    for start in range(0, len(codes), MOST_IN_A_BLOCK):
        block = list(enumerate(codes[start : start + MOST_IN_A_BLOCK], start=start))
        lines = [f"<{byte:02X}> <{_utf16(code)}>" for byte, code in block]
        blocks += [f"{len(lines)} beginbfchar", *lines, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(codes) - 1:02X}>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


def _utf16(code: int) -> str:
    # Joined letters stand on the page from left to right; readers turn each line around as a
    # whole, the letters of a ligature with it.
    return plain(chr(code))[::-1].encode("utf-16-be").hex().upper()
