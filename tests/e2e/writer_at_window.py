"""A person at the real window promotes one segment after the other, so many as are asked for.

Prints a line of JSON for each entry when it is first seen in the timeline: its words and the
second of the clock. Everything goes by keys, and through the window's own model.
"""

import json
import sys
import time

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.__main__ import _build
from ui.main_window import MainWindow
from ui.start import run
from ui.transcript.selection import TextSelection

LOOK_MS = 10
PACE_S = 0.15  # how long a person takes from one key to the next

wanted = int(sys.argv[1])
seen: set[str] = set()
pressed = {"count": 0, "at": 0.0}


def look() -> None:
    widgets = QApplication.topLevelWidgets()
    main = next(widget for widget in widgets if isinstance(widget, MainWindow))
    timeline = main.record.timeline_model
    for number in range(timeline.rowCount()):
        text = timeline.entry(number).text
        if text not in seen:
            seen.add(text)
            print(json.dumps({"text": text, "at": time.time()}), flush=True)
    view = main.transcript.view
    number = pressed["count"]
    is_due = time.monotonic() - pressed["at"] > PACE_S
    if number < wanted and is_due and number < view.model.rowCount():
        row = int(number)
        view.select(TextSelection.of_row(row))
        QTest.keyClick(view, Qt.Key.Key_F)
        pressed.update(count=row + 1, at=time.monotonic())


def begin() -> None:
    clock = QTimer(QCoreApplication.instance())
    clock.timeout.connect(look)
    clock.start(LOOK_MS)


if __name__ == "__main__":  # the recogniser's process imports this module, too
    sys.exit(run(lambda: _build([]), when_painted=begin))
