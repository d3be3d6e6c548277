"""A person at the real window: presses the keys named on the command line, once each is due.

Prints what the window shows as a line of JSON, four times a second.
"""

import json
import sys

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.__main__ import _build
from ui.main_window import MainWindow
from ui.start import run

keys = sys.argv[1:]
seen = {"recording": False}


def window() -> MainWindow:
    widgets = QApplication.topLevelWidgets()
    return next(widget for widget in widgets if isinstance(widget, MainWindow))


def look() -> None:
    main = window()
    recording = main.recorder.is_recording
    if keys and main.recorder.isEnabled() and recording == keys[0].startswith("Shift"):
        combination = QKeySequence(keys.pop(0))[0]
        target = QApplication.focusWidget() or main
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
    stopped = seen["recording"] and not recording
    seen["recording"] = seen["recording"] or recording
    rows = main.transcript.view.model.rowCount() if main.transcript.view.model else 0
    print(json.dumps({"recording": recording, "stopped": stopped, "segments": rows}), flush=True)


def begin() -> None:
    clock = QTimer(QCoreApplication.instance())
    clock.timeout.connect(look)
    clock.start(250)


if __name__ == "__main__":  # the recogniser's process imports this module, too
    sys.exit(run(lambda: _build([]), when_painted=begin))
