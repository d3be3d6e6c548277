"""A team's own look of the report."""

from __future__ import annotations

from dataclasses import dataclass

DARK = 0.04045  # below it sRGB is linear


@dataclass(frozen=True, slots=True)
class Branding:
    """What a team may change.

    Attributes:
        overline: The words above the title.
        organisation: Stands in the head of every page after the first; empty for none.
        accent: ``#rrggbb``, the colour of the overline, to be legible on white.
        logo: A PNG or JPEG for the first page; empty for none.
    """

    overline: str = "Incident postmortem"
    organisation: str = ""
    accent: str = "#0b6e75"
    logo: bytes = b""


PLAIN = Branding()


def contrast_on_white(colour: str) -> float:
    """Return the contrast (WCAG) of ``#rrggbb`` on white, 1 to 21."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = map(_linear, parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    """Return the light of an sRGB value, both 0 to 1."""
    return part / 12.92 if part <= DARK else float(((part + 0.055) / 1.055) ** 2.4)
