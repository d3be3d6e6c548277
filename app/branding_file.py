"""A team's look of the report, in a folder: ``branding.toml`` and, if wanted, a logo beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.errors import ExportError
from app.services.toml_file import TomlFile, text_of_file
from drafting.branding import PLAIN, Branding, contrast_on_white

if TYPE_CHECKING:
    from pathlib import Path

FILE = "branding.toml"
KEYS = ("overline", "organisation", "accent", "logo")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LEAST_CONTRAST = 4.5  # of text on white (WCAG 2.2, AA)
LARGEST_LOGO = 2_000_000
LOGOS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
LONGEST = 80


def read_branding(folder: Path) -> Branding:
    """Read a team's look; a folder without the file has none of its own.

    Raises:
        ExportError: The file or its logo cannot be used; it names the line and the key.
    """
    path = folder / FILE
    if not path.exists():
        return PLAIN
    text = text_of_file(path, _unusable)
    file = TomlFile.parsed(path, text, table="", unusable=_unusable)
    file.refuse_unknown(file.values, KEYS)
    return Branding(
        overline=_words(file, "overline", PLAIN.overline),
        organisation=_words(file, "organisation", PLAIN.organisation),
        accent=_accent(file),
        logo=_logo(file),
    )


def _words(file: TomlFile, key: str, usual: str) -> str:
    words = file.values.get(key, usual)
    if not isinstance(words, str) or len(words) > LONGEST:
        file.refuse(key, "these are no words", f"Write {LONGEST} characters at most, in quotes.")
    return words


def _accent(file: TomlFile) -> str:
    accent = file.values.get("accent", PLAIN.accent)
    if not isinstance(accent, str) or not COLOUR.fullmatch(accent):
        file.refuse("accent", "this is no colour", 'Write it as "#0b6e75".')
    if contrast_on_white(accent) < LEAST_CONTRAST:
        file.refuse("accent", f"{accent} is too pale on white", "Choose a darker colour.")
    return accent


def _logo(file: TomlFile) -> bytes:
    name = file.values.get("logo", "")
    if not name:
        return b""
    if not isinstance(name, str) or name in {".", ".."} or {"/", "\\"} & set(name):
        file.refuse("logo", "this names no file beside it", "Put the logo into the same folder.")
    try:
        logo = (file.path.parent / name).read_bytes()
    except OSError as cause:
        raise _unusable(file.path, f"its logo {name} cannot be read") from cause
    if not logo.startswith(LOGOS) or len(logo) > LARGEST_LOGO:
        file.refuse("logo", f"{name} is no PNG or JPEG of 2 MB at most", "Save it as such.")
    return logo


def _unusable(path: Path, reason: str, *, remedy: str = "") -> ExportError:
    return ExportError(
        f"{path} cannot be used: {reason}.",
        remedy=remedy or "Mend it, or take it away for the usual look.",
    )
