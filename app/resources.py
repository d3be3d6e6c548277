"""Where the shipped files lie: models, fonts, the demonstration, what people begin from."""

from __future__ import annotations

from pathlib import Path


def resources_dir() -> Path:
    """Return the folder of the shipped files: inside the wheel, or beside it in a checkout."""
    package = Path(__file__).parent
    shipped = package / "_resources"
    return shipped if shipped.is_dir() else package.parent / "resources"
