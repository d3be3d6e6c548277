"""Hot keys of Windows. They belong to the thread that registers them."""

from __future__ import annotations

import ctypes
import sys
import threading
from typing import TYPE_CHECKING, Any

from app.domain.shortcuts import FUNCTION_KEYS, Modifier
from capture.shortcuts.ways import tell_taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.shortcuts import KeyCombination, Shortcut, ShortcutListener

MASKS = {Modifier.ALT: 1, Modifier.CTRL: 2, Modifier.SHIFT: 4, Modifier.META: 8}
MOD_NOREPEAT = 0x4000
VK_F1 = 0x70
WM_QUIT, WM_HOTKEY, WM_USER = 0x0012, 0x0312, 0x0400
PM_NOREMOVE = 0


class WindowsKeys:
    """Listens for the messages that Windows sends. Implements ``Way``."""

    def __init__(self, shortcuts: Sequence[Shortcut], listener: ShortcutListener) -> None:
        self._shortcuts = shortcuts
        self._listener = listener
        self._turn = threading.Lock()
        self._thread_id = 0
        self._stopping = False

    def run(self) -> None:
        """Listen until ``stop``."""
        if sys.platform == "win32":
            user: Any = ctypes.WinDLL("user32", use_last_error=True)
            message = _Message()
            # Only who has looked for messages has a queue to which some can be posted
            user.PeekMessageW(ctypes.byref(message), None, WM_USER, WM_USER, PM_NOREMOVE)
            with self._turn:
                self._thread_id = ctypes.windll.kernel32.GetCurrentThreadId()
                if self._stopping:
                    return
            self._register(user)
            try:
                while user.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
                    if message.kind == WM_HOTKEY:
                        self._listener.pressed(self._shortcuts[message.wparam].action)
            finally:
                for number in range(len(self._shortcuts)):
                    user.UnregisterHotKey(None, number)

    def stop(self) -> None:
        """Have ``run`` return."""
        with self._turn:
            self._stopping = True
            if sys.platform == "win32" and self._thread_id:
                ctypes.windll.user32.PostThreadMessageW(self._thread_id, WM_QUIT, 0, 0)

    def _register(self, user: Any) -> None:
        refused = []
        for number, shortcut in enumerate(self._shortcuts):
            mask = sum(MASKS[modifier] for modifier in shortcut.keys.modifiers) | MOD_NOREPEAT
            if not user.RegisterHotKey(None, number, mask, virtual_key(shortcut.keys)):
                refused.append(shortcut)
        tell_taken(self._listener, refused)


class _Message(ctypes.Structure):
    """``MSG`` of the Windows headers."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("kind", ctypes.c_uint),
        ("wparam", ctypes.c_size_t),
        ("lparam", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("private", ctypes.c_uint32),
    )


def virtual_key(keys: KeyCombination) -> int:
    """Return Windows' number of the key; letters and digits have their character's."""
    if keys.key in FUNCTION_KEYS:
        return VK_F1 + FUNCTION_KEYS.index(keys.key)
    return ord(keys.key)
