"""The exported PDF, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPdfWidgets import QPdfView


class ReportView(QWidget):
    """Empty, with a hint, until a PDF was exported."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document: QPdfDocument | None = None
        self._view: QPdfView | None = None
        self._path: Path | None = None
        self.hint = QLabel(self.tr("No report yet. Export one with Ctrl+E."))
        self.hint.setObjectName("secondary")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = ElidedLabel()
        self.name.setObjectName("secondary")
        self.folder_button = QPushButton(self.tr("Show in folder"))
        self.folder_button.setToolTip(self.tr("Open the folder the report lies in"))
        self.folder_button.clicked.connect(self._on_folder_clicked)
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self.name, 1)
        row.addWidget(self.folder_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(row)
        self._column.addWidget(self.hint, 1)
        self.folder_button.hide()

    @property
    def page_count(self) -> int:
        """How many pages are shown."""
        return 0 if self.document is None else self.document.pageCount()

    def show_file(self, path: Path) -> None:
        """Show a PDF from its first page."""
        document = self._open_view()
        self._path = path
        document.load(str(path))
        count = document.pageCount()
        pages = self.tr("1 page") if count == 1 else self.tr("{0} pages").format(count)
        self.name.show_text(f"{path.name} · {pages}")
        self.name.setToolTip(str(path))
        self.folder_button.show()

    def _open_view(self) -> QPdfDocument:
        if self.document is None:
            # Loaded late: the window must not wait for a library that it may never need
            from PySide6.QtPdf import QPdfDocument  # noqa: PLC0415  heavy, and seldom needed
            from PySide6.QtPdfWidgets import QPdfView  # noqa: PLC0415  as above

            self.document = QPdfDocument(self)
            self._view = QPdfView(self)
            self._view.setAccessibleName(self.tr("Pages of the report"))
            self._view.setPageMode(QPdfView.PageMode.MultiPage)
            self._view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
            self._view.setDocument(self.document)
            self._column.replaceWidget(self.hint, self._view)
            self.hint.hide()
            self.setFocusProxy(self._view)
        return self.document

    @Slot()
    def _on_folder_clicked(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))
