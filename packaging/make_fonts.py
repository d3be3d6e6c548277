"""Makes the report's fonts for CJK and emoji from the files that their projects publish.

Run by hand when a font changes: ``python packaging/make_fonts.py DROID.ttf EMOJI.woff…``, with
Droid Sans Fallback (Debian: fonts-droid-fallback, DroidSansFallback.ttf, Apache-2.0) and the
parts of Noto Emoji in weight 400 (npm: @fontsource/noto-emoji, OFL-1.1). A PDF needs outlines and
the table of characters, so hints and layout features go. Needs fontTools.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[1] / "resources" / "fonts"
DROPPED = ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "gasp", "meta", "STAT", "DSIG"]


def main(arguments: list[str]) -> int:
    """Write both fonts; return the exit code."""
    droid, *emoji = map(Path, arguments)
    lean(TTFont(droid), FONTS / "DroidSansFallback.ttf")
    with tempfile.TemporaryDirectory() as folder:
        parts = [unpacked(part, Path(folder) / f"{n}.ttf") for n, part in enumerate(emoji)]
        lean(Merger().merge([str(part) for part in parts]), FONTS / "NotoEmoji.ttf")
    return 0


def unpacked(source: Path, target: Path) -> Path:
    """Write a web font as plain TrueType, without what cannot be merged."""
    font = TTFont(source)
    font.flavor = None
    for table in DROPPED:
        if table in font:
            del font[table]
    font.save(target)
    return target


def lean(font: TTFont, target: Path) -> None:
    """Keep every character, drop hints, layout and glyphs that no character leads to."""
    options = Options(
        hinting=False, layout_features=[], drop_tables=DROPPED, notdef_outline=True,
        glyph_names=False, recalc_timestamp=False, name_IDs=["*"], legacy_kern=False,
    )  # fmt: skip
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    font.save(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
