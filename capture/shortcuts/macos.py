"""Hot keys of macOS by Carbon, which needs no permission of the person for them."""

from __future__ import annotations

import ctypes
import queue
from typing import TYPE_CHECKING, Any

from app.domain.shortcuts import Modifier, ShortcutAction
from capture.shortcuts.ways import tell_taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.shortcuts import Shortcut, ShortcutListener

CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
MASKS = {Modifier.META: 0x100, Modifier.SHIFT: 0x200, Modifier.ALT: 0x800, Modifier.CTRL: 0x1000}
PRESSED = 5
# Carbon's names are four characters in one number
KEYBOARD, DIRECT_OBJECT, HOT_KEY_ID, SIGNATURE = (
    int.from_bytes(name, "big") for name in (b"keyb", b"----", b"hkid", b"htwh")
)
# Places of keys on the ANSI keyboard (Events.h), by what is printed on them there
# fmt: off
KEY_PLACES = {
    "A": 0, "S": 1, "D": 2, "F": 3, "H": 4, "G": 5, "Z": 6, "X": 7, "C": 8, "V": 9, "B": 11,
    "Q": 12, "W": 13, "E": 14, "R": 15, "Y": 16, "T": 17, "O": 31, "U": 32, "I": 34, "P": 35,
    "L": 37, "J": 38, "K": 40, "N": 45, "M": 46,
    "1": 18, "2": 19, "3": 20, "4": 21, "6": 22, "5": 23, "9": 25, "7": 26, "8": 28, "0": 29,
    "F1": 122, "F2": 120, "F3": 99, "F4": 118, "F5": 96, "F6": 97, "F7": 98, "F8": 100,
    "F9": 101, "F10": 109, "F11": 103, "F12": 111,
}
# fmt: on


class _EventType(ctypes.Structure):
    _fields_ = (("event_class", ctypes.c_uint32), ("kind", ctypes.c_uint32))


class _HotKeyId(ctypes.Structure):
    _fields_ = (("signature", ctypes.c_uint32), ("number", ctypes.c_uint32))


_Handler = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class MacKeys:
    """Implements ``Way``. To be made by the main thread: there Carbon tells of the keys.

    They are done by the thread that runs, for the main thread draws the window.
    """

    def __init__(self, shortcuts: Sequence[Shortcut], listener: ShortcutListener) -> None:
        self._listener = listener
        self._shortcuts = shortcuts
        self._pressed: queue.SimpleQueue[ShortcutAction | None] = queue.SimpleQueue()
        self._carbon: Any = ctypes.CDLL(CARBON)
        self._carbon.GetApplicationEventTarget.restype = ctypes.c_void_p
        self._target = ctypes.c_void_p(self._carbon.GetApplicationEventTarget())
        self._handler = _Handler(self._on_key)  # kept, for Carbon keeps no hold of it
        self._references: list[ctypes.c_void_p] = []
        wanted = _EventType(KEYBOARD, PRESSED)
        self._carbon.InstallEventHandler(
            self._target, self._handler, 1, ctypes.byref(wanted), None, None
        )
        self._refused = [
            shortcut
            for number, shortcut in enumerate(shortcuts)
            if not self._register(number, shortcut)
        ]

    def run(self) -> None:
        """Do what is asked for until ``stop``."""
        tell_taken(self._listener, self._refused)
        while (action := self._pressed.get()) is not None:
            self._listener.pressed(action)

    def stop(self) -> None:
        """Give the keys back and have ``run`` return."""
        for reference in self._references:
            self._carbon.UnregisterEventHotKey(reference)
        self._pressed.put(None)

    def _register(self, number: int, shortcut: Shortcut) -> bool:
        mask = sum(MASKS[modifier] for modifier in shortcut.keys.modifiers)
        place = KEY_PLACES[shortcut.keys.key]
        name, reference = _HotKeyId(SIGNATURE, number), ctypes.c_void_p()
        status = self._carbon.RegisterEventHotKey(
            place, mask, name, self._target, 0, ctypes.byref(reference)
        )
        if status == 0:
            self._references.append(reference)
        return bool(status == 0)

    def _on_key(self, _next: int, event: int, _data: int) -> int:
        name = _HotKeyId()
        status = self._carbon.GetEventParameter(
            ctypes.c_void_p(event),
            DIRECT_OBJECT,
            HOT_KEY_ID,
            None,
            ctypes.c_ulong(ctypes.sizeof(name)),
            None,
            ctypes.byref(name),
        )
        if status == 0 and name.signature == SIGNATURE:
            self._pressed.put(self._shortcuts[name.number].action)
        return int(status)
