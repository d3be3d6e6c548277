"""The head of the first page: a team's words at the left, its logo at the right."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from app.domain.errors import ExportError
from drafting.pdf.fonts import BOLD, draw_line
from drafting.pdf.look import OVERLINE

if TYPE_CHECKING:
    from drafting.branding import Branding
    from drafting.pdf.fonts import Typesetter

LOGO_HEIGHT = 26.0
LOGO_WIDTH = 150.0
LINE_HEIGHT = 11.0
GAP = 12.0


class Masthead(Flowable):  # type: ignore[misc]  # ReportLab carries no types
    """Overline and logo on one line; as low as the overline where there is no logo."""

    def __init__(self, branding: Branding, types: Typesetter) -> None:
        super().__init__()
        self._branding = branding
        self._types = types
        self._logo: Any = None
        self._logo_size = (0.0, 0.0)
        if branding.logo:
            self._logo, self._logo_size = _logo(branding.logo)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in points."""
        self.width, self.height = width, max(LINE_HEIGHT, self._logo_size[1])
        return self.width, self.height

    def draw(self) -> None:
        """Draw the words, then the logo."""
        canvas = self.canv
        wide, high = self._logo_size
        canvas.setFillColor(HexColor(self._branding.accent))
        words, size = self._branding.overline.upper(), OVERLINE.fontSize
        runs = self._types.fitting(words, BOLD, size, self.width - wide - GAP)
        draw_line(canvas, runs, 0, 3, size)
        if self._logo is not None:
            x, y = self.width - wide, self.height - high
            canvas.drawImage(self._logo, x, y, wide, high, mask="auto")


def _logo(content: bytes) -> tuple[Any, tuple[float, float]]:
    """Return the picture and the size in points at which it fits.

    Raises:
        ExportError: It is damaged.
    """
    try:
        picture = ImageReader(BytesIO(content))
        wide, high = picture.getSize()
    except OSError as cause:
        raise ExportError(
            "The logo of the branding cannot be read.", remedy="Save it anew as PNG."
        ) from cause
    scale = min(LOGO_WIDTH / wide, LOGO_HEIGHT / high)
    return picture, (wide * scale, high * scale)
