"""A picture of evidence, as large as the workplace; the strips on top stay in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.evidence.words import evidence_about, evidence_name
from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent, QPaintEvent

    from app.domain.evidence import Evidence


class FittedPicture(QWidget):
    """Shows a picture in full, never larger than it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None

    def show_image(self, image: QImage | None) -> None:
        """Show another picture, or none."""
        self.image = image
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it into the middle."""
        if self.image is None:
            return
        size = self.image.size() / self.devicePixelRatioF()
        if size.width() > self.width() or size.height() > self.height():
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(self.rect().topLeft(), size)
        place.moveCenter(self.rect().center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.image)
        painter.end()


class EvidenceViewer(QFrame):
    """Lies over a widget of the same parent, until Escape or until the focus goes below it.

    Signals:
        folder_requested, link_requested: The ``Evidence`` whose folder, or page, is wanted.
    """

    folder_requested = Signal(object)
    link_requested = Signal(object)

    def __init__(self, parent: QWidget, *, over: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.evidence: Evidence | None = None
        self._over = over
        self._came_from: QWidget | None = None
        self.picture = FittedPicture()
        self.name = ElidedLabel()
        self.name.setObjectName("heading")
        self.about = QLabel()
        self.about.setObjectName("secondary")
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.link_button = QPushButton(self.tr("Open link"))
        self.link_button.clicked.connect(self._on_link_clicked)
        self.folder_button = QPushButton(self.tr("Show in folder"))
        self.folder_button.setToolTip(self.tr("Open the folder the file lies in"))
        self.folder_button.clicked.connect(self._on_folder_clicked)
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setToolTip(self.tr("Close the picture (Esc)"))
        self.close_button.setAccessibleName(self.tr("Close the picture"))
        self.close_button.clicked.connect(self.close_picture)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        over.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.about)
        for button in (self.link_button, self.folder_button, self.close_button):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.picture, 1)

    def show_picture(self, evidence: Evidence, image: QImage) -> None:
        """Show a piece and take the focus, which goes back where it was."""
        self.evidence = evidence
        self.name.show_text(evidence_name(evidence))
        self.about.setText(evidence_about(evidence))
        self.setAccessibleName(f"{self.name.text()}. {self.about.text()}")
        self.link_button.setVisible(evidence.url is not None)
        self.link_button.setToolTip(evidence.url or "")
        self.picture.show_image(image)
        if not self.isVisible():
            self._came_from = QApplication.focusWidget()
        self.setGeometry(self._over.geometry())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_picture(self) -> None:
        """Go back to where one was."""
        came_from, self._came_from = self._came_from, None
        self.hide()
        self.picture.show_image(None)
        if came_from is not None:
            came_from.setFocus()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self.isVisible() and now is not None and self._over.isAncestorOf(now):
            self._came_from = None  # nobody works with what they cannot see
            self.close_picture()

    @Slot()
    def _on_link_clicked(self) -> None:
        self.link_requested.emit(self.evidence)

    @Slot()
    def _on_folder_clicked(self) -> None:
        self.folder_requested.emit(self.evidence)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_picture()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what it lies over."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self.setGeometry(self._over.geometry())
        return super().eventFilter(watched, event)
