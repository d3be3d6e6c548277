"""Gives a widget another of the looks that the style sheet has by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def look_like(widget: QWidget, name: str) -> None:
    """Dress a widget as the style sheet says for an object of that name."""
    if widget.objectName() != name:
        widget.setObjectName(name)
        widget.style().polish(widget)
