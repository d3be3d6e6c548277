"""A team's own look of the report: a folder with ``branding.toml`` and, if wanted, a logo.

overline = "Incident postmortem"   # above the title
organisation = "Example Ltd"        # in the head of every page after the first
accent = "#0b6e75"                  # of the line above the title; must be legible on white
logo = "logo.png"                   # beside this file; PNG or JPEG
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import ExportError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "branding.toml"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LEAST_CONTRAST = 4.5  # of text on white (WCAG 2.2, AA)
LARGEST_LOGO = 2_000_000
LOGOS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
LONGEST = 80
DARK = 0.04045  # below it sRGB is linear


@dataclass(frozen=True, slots=True)
class Branding:
    """What a team may change; ``logo`` is a PNG or JPEG, empty for none."""

    overline: str = "Incident postmortem"
    organisation: str = ""
    accent: str = "#0b6e75"
    logo: bytes = b""


PLAIN = Branding()


def read_branding(folder: Path) -> Branding:
    """Read a team's look; a folder without the file has none of its own.

    Raises:
        ExportError: The file or its logo cannot be used.
    """
    path = folder / FILE
    if not path.exists():
        return PLAIN
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise _unusable(path, f"cannot be read: {cause}") from cause
    unknown = told.keys() - {"overline", "organisation", "accent", "logo"}
    if unknown:
        raise _unusable(path, f"has no setting “{min(unknown)}”")
    return Branding(
        overline=_words(path, told, "overline", PLAIN.overline),
        organisation=_words(path, told, "organisation", PLAIN.organisation),
        accent=_accent(path, told),
        logo=_logo(path, told),
    )


def _words(path: Path, told: dict[str, Any], name: str, usual: str) -> str:
    words = told.get(name, usual)
    if not isinstance(words, str) or len(words) > LONGEST:
        raise _unusable(path, f"needs words for “{name}”, {LONGEST} characters at most")
    return words


def _accent(path: Path, told: dict[str, Any]) -> str:
    accent = told.get("accent", PLAIN.accent)
    if not isinstance(accent, str) or not COLOUR.fullmatch(accent):
        raise _unusable(path, "needs a colour such as #0b6e75 for “accent”")
    if contrast_on_white(accent) < LEAST_CONTRAST:
        raise _unusable(path, f"has an accent, {accent}, too pale to be read on white")
    return accent


def contrast_on_white(colour: str) -> float:
    """Return the contrast (WCAG) of ``#rrggbb`` on white, 1 to 21."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = map(_linear, parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    """Return the light of an sRGB value, both 0 to 1."""
    return part / 12.92 if part <= DARK else ((part + 0.055) / 1.055) ** 2.4


def _logo(path: Path, told: dict[str, Any]) -> bytes:
    name = told.get("logo", "")
    if not name:
        return b""
    if not isinstance(name, str) or name in {".", ".."} or {"/", "\\"} & set(name):
        raise _unusable(path, "needs the name of a file beside it for “logo”")
    try:
        logo = (path.parent / name).read_bytes()
    except OSError as cause:
        raise _unusable(path, f"names the logo {name}, which cannot be read") from cause
    if not logo.startswith(LOGOS) or len(logo) > LARGEST_LOGO:
        raise _unusable(path, f"names the logo {name}, which is no PNG or JPEG of 2 MB at most")
    return logo


def _unusable(path: Path, what: str) -> ExportError:
    return ExportError(f"{path} {what}.", remedy="Mend it, or take it away for the usual look.")
