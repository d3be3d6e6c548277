"""The few functions of libxcb that keys need. Unlike Xlib's, its errors come to who asked."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, c_char_p, c_int, c_uint8, c_uint16, c_uint32, c_void_p
from typing import Any

KEY_PRESS, KEY_RELEASE, MAPPING_NOTIFY = 2, 3, 34
SHIFT, LOCK, CONTROL, ALT, NUM_LOCK, META = 1, 2, 4, 8, 16, 64  # X's modifiers, as all map them
ASYNC = 1


class Cookie(Structure):
    """A request whose answer has not been looked at."""

    _fields_ = (("sequence", ctypes.c_uint),)


class ScreenIterator(Structure):
    """Walks the screens of a display; the first word of a screen is its root window."""

    _fields_ = (("data", POINTER(c_uint32)), ("rem", c_int), ("index", c_int))


class KeyEvent(Structure):
    """A key went down or up: ``detail`` is its code, ``time`` the server's, in ms."""

    _fields_ = (
        ("response_type", c_uint8),
        ("detail", c_uint8),
        ("sequence", c_uint16),
        ("time", c_uint32),
        ("windows", c_uint32 * 3),
        ("places", ctypes.c_int16 * 4),
        ("state", c_uint16),
    )


class Libraries:
    """libxcb, its key symbols, and the C library's ``free`` for what they hand out.

    Raises:
        OSError: One of them is not there.
    """

    def __init__(self) -> None:
        xcb, keys, libc = (
            ctypes.CDLL(name) for name in ("libxcb.so.1", "libxcb-keysyms.so.1", "libc.so.6")
        )
        self.connect = _typed(xcb.xcb_connect, c_void_p, c_char_p, POINTER(c_int))
        self.has_error = _typed(xcb.xcb_connection_has_error, c_int, c_void_p)
        self.disconnect = _typed(xcb.xcb_disconnect, None, c_void_p)
        self.descriptor = _typed(xcb.xcb_get_file_descriptor, c_int, c_void_p)
        self.setup = _typed(xcb.xcb_get_setup, c_void_p, c_void_p)
        self.roots = _typed(xcb.xcb_setup_roots_iterator, ScreenIterator, c_void_p)
        self.next_screen = _typed(xcb.xcb_screen_next, None, POINTER(ScreenIterator))
        self.grab_key = _typed(
            xcb.xcb_grab_key_checked,
            Cookie,
            *(c_void_p, c_uint8, c_uint32, c_uint16, c_uint8, c_uint8, c_uint8),
        )
        self.ungrab_key = _typed(
            xcb.xcb_ungrab_key_checked, Cookie, c_void_p, c_uint8, c_uint32, c_uint16
        )
        self.check = _typed(xcb.xcb_request_check, c_void_p, c_void_p, Cookie)
        self.poll = _typed(xcb.xcb_poll_for_event, c_void_p, c_void_p)
        self.symbols = _typed(keys.xcb_key_symbols_alloc, c_void_p, c_void_p)
        self.free_symbols = _typed(keys.xcb_key_symbols_free, None, c_void_p)
        self.keycodes = _typed(
            keys.xcb_key_symbols_get_keycode, POINTER(c_uint8), c_void_p, c_uint32
        )
        self.free = _typed(libc.free, None, c_void_p)


def _typed(function: Any, result: Any, *arguments: Any) -> Any:
    function.restype, function.argtypes = result, arguments
    return function
