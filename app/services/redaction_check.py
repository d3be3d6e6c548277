"""Refuses documents that would tell what was redacted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record


class RedactionCheck:
    """Placeholder, made below."""

    def refuse(self, record: Record, folder: Path) -> None:
        """Nothing yet."""
