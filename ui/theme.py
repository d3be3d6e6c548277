"""How the whole window looks: palette, fonts and one style sheet, light or dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPalette

from ui.colors import DARK, LIGHT, Colors

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

BODY_PX = 13
SMALL_PX = 12

STYLE = """
QToolTip {{ color: {text}; background: {raised}; border: 1px solid {line}; padding: 4px; }}
QPushButton, QToolButton {{
    color: {text}; background: {raised}; border: 1px solid {line}; border-radius: 4px;
    padding: 3px 10px; min-height: 20px; }}
QToolButton {{ padding: 3px 5px; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QPushButton:hover, QToolButton:hover {{ border-color: {secondary}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {line}; }}
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled {{ color: {secondary}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus {{
    border: 2px solid {accent}; padding-top: 2px; padding-bottom: 2px; }}
QPushButton#record {{ color: {recording}; font-weight: 600; }}
QPushButton#primary {{ color: {on_fill}; background: {accent}; border-color: {accent}; }}
QPushButton#primary:focus {{ border: 2px solid {text}; }}
QComboBox, QLineEdit {{
    color: {text}; background: {surface}; border: 1px solid {line}; border-radius: 4px;
    padding: 3px 6px; min-height: 20px; selection-background-color: {accent};
    selection-color: {on_fill}; }}
QComboBox::drop-down {{ border: none; width: 18px; }}
QLabel#secondary, QLabel#hint {{ color: {secondary}; }}
QLabel#warning {{ color: {warning}; }}
QLabel#problemSign {{ color: {warning}; font-weight: 600; }}
QLabel#heading {{ font-weight: 600; }}
QFrame#strip {{ background: {raised}; border: none; border-bottom: 1px solid {line}; }}
QFrame#compactBar {{ background: {raised}; border: 1px solid {secondary}; }}
QFrame#entryBar {{ background: {raised}; border: none; border-top: 1px solid {line}; }}
QFrame#card {{ background: {raised}; border: 1px solid {secondary}; border-radius: 4px; }}
QFrame#card QScrollArea, QFrame#card QLabel {{ background: {raised}; }}
QCheckBox::indicator:unchecked {{
    width: 11px; height: 11px; border: 1px solid {secondary}; background: {surface}; }}
QMenu {{ color: {text}; background: {raised}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 4px 20px; border-radius: 3px; }}
QMenu::item:selected {{ background: {selected}; }}
QMenu::item:disabled {{ color: {secondary}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
TickedList::indicator {{
    width: 11px; height: 11px; border: 1px solid {secondary}; border-radius: 3px; }}
TickedList::indicator:checked {{ background: {accent}; border-color: {accent}; }}
TickedList::item {{ padding: 1px 0; color: {text}; }}
TickedList::item:selected {{ color: {text}; background: {selected}; }}
QFrame#viewer {{ background: {surface}; border: 2px solid {accent}; }}
QFrame#statusStrip {{ background: {raised}; border: none; border-top: 1px solid {line}; }}
QFrame#statusStrip QToolButton {{ padding: 0 5px; min-height: 16px; }}
QFrame#notice {{ background: {raised}; border: none; border-bottom: 1px solid {line}; }}
TranscriptView, TimelineView, EvidenceList, QPdfView, TickedList {{
    background: {surface}; border: 2px solid {surface}; }}
TranscriptView:focus, TimelineView:focus, EvidenceList:focus, QPdfView:focus,
TickedList:focus {{
    border: 2px solid {accent}; }}
QTableView {{ background: {surface}; border: 2px solid {line}; color: {text};
    selection-background-color: {selected}; selection-color: {text}; }}
QTableView:focus {{ border: 2px solid {accent}; }}
QTableView QLineEdit {{ padding: 0 4px; min-height: 0; border-radius: 0; }}
QTableView QLineEdit:focus {{ padding: 0 4px; }}
QHeaderView, QHeaderView::section {{
    color: {secondary}; background: {surface}; border: none; padding: 2px 3px; }}
EvidenceList#shelf {{ border-top: 2px solid {line}; }}
EvidenceList#shelf:focus {{ border: 2px solid {accent}; }}
QScrollBar:vertical {{ background: {surface}; width: 10px; margin: 0; border: none; }}
QScrollBar::handle:vertical {{
    background: {line}; border-radius: 3px; min-height: 24px; margin: 2px; }}
QScrollBar::handle:vertical:hover {{ background: {secondary}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
QSplitter::handle {{ background: {line}; }}
QTabWidget::pane {{ border: none; }}
QTabBar {{ background: {surface}; }}
QTabBar::tab {{
    color: {secondary}; background: {surface}; border: none;
    border-bottom: 2px solid transparent; padding: 6px 8px; min-height: 26px; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{ color: {accent}; }}
QProgressBar {{
    background: {line}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
"""


def palette_of(colors: Colors) -> QPalette:
    """Return the palette for one set of colours."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colors.surface,
        QPalette.ColorRole.Base: colors.surface,
        QPalette.ColorRole.AlternateBase: colors.raised,
        QPalette.ColorRole.Button: colors.raised,
        QPalette.ColorRole.ToolTipBase: colors.raised,
        QPalette.ColorRole.WindowText: colors.text,
        QPalette.ColorRole.Text: colors.text,
        QPalette.ColorRole.ButtonText: colors.text,
        QPalette.ColorRole.ToolTipText: colors.text,
        QPalette.ColorRole.PlaceholderText: colors.secondary,
        QPalette.ColorRole.Highlight: colors.accent,
        QPalette.ColorRole.HighlightedText: colors.on_fill,
        QPalette.ColorRole.Link: colors.accent,
        QPalette.ColorRole.Mid: colors.line,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    disabled = QColor(colors.secondary)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, disabled)
    return palette


def sized(font: QFont, pixels: int, *, strong: bool = False) -> QFont:
    """Return the desktop's font at a size, with figures that keep their column."""
    result = QFont(font)
    result.setPixelSize(pixels)
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return result


class Theme(QObject):
    """Dresses the application and follows the desktop between light and dark."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._dark: bool | None = None
        application.setStyle("Fusion")
        application.setFont(sized(application.font(), BODY_PX))
        application.styleHints().colorSchemeChanged.connect(self._on_desktop_changed)
        self._dress()

    def choose(self, dark: bool | None) -> None:  # noqa: FBT001  None is the third choice
        """Use light or dark whatever the desktop says; None follows it again."""
        if dark != self._dark:
            self._dark = dark
            self._dress()

    @property
    def is_dark(self) -> bool:
        """Whether the dark set is in force."""
        if self._dark is not None:
            return self._dark
        return self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark

    @Slot()
    def _on_desktop_changed(self) -> None:
        self._dress()

    def _dress(self) -> None:
        colors = DARK if self.is_dark else LIGHT
        self._application.setPalette(palette_of(colors))
        names = {name: getattr(colors, name) for name in Colors.__slots__}
        self._application.setStyleSheet(STYLE.format(**names))
