"""Keys grabbed from an X server, on a connection of our own."""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
from typing import TYPE_CHECKING, TypeAlias

from app.domain.errors import ShortcutError
from app.domain.shortcuts import FUNCTION_KEYS, Modifier
from capture.shortcuts import xcb
from capture.shortcuts.ways import NotOfferedError, tell_taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.domain.shortcuts import KeyCombination, Shortcut, ShortcutAction, ShortcutListener

F1_SYMBOL = 0xFFBE
MASKS = {
    Modifier.CTRL: xcb.CONTROL,
    Modifier.ALT: xcb.ALT,
    Modifier.SHIFT: xcb.SHIFT,
    Modifier.META: xcb.META,
}
HELD = sum(MASKS.values())
_Place: TypeAlias = tuple[int, int]  # the code of a key, and the modifiers that are held
# A grab is for exactly one state of the keyboard, and these two keys are part of it.
LOCKS = (0, xcb.LOCK, xcb.NUM_LOCK, xcb.LOCK | xcb.NUM_LOCK)


class X11Keys:
    """Listens on the X server that ``DISPLAY`` names. Implements ``Way``."""

    def __init__(self, shortcuts: Sequence[Shortcut], listener: ShortcutListener) -> None:
        self._shortcuts = shortcuts
        self._listener = listener
        self._woken, self._waker = os.pipe()

    def run(self) -> None:
        """Listen until ``stop``.

        Raises:
            NotOfferedError: There is no X server, or its library is missing.
        """
        try:
            with contextlib.closing(_Keyboard()) as keyboard:
                tell_taken(self._listener, keyboard.grab(self._shortcuts))
                self._listen(keyboard)
        finally:
            os.close(self._woken)

    def stop(self) -> None:
        """Have ``run`` return."""
        os.close(self._waker)

    def _listen(self, keyboard: _Keyboard) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(keyboard.descriptor, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                for action in keyboard.pressed():
                    self._listener.pressed(action)
                if keyboard.is_gone:
                    self._listener.refused(ShortcutError("The keys of all programs are lost."))
                    return
                if any(key.fd == self._woken for key, _ in selector.select()):
                    return


class _Keyboard:
    """The keyboard of an X server, for one thread.

    Raises:
        NotOfferedError: It cannot be had.
    """

    def __init__(self) -> None:
        try:
            self._lib = xcb.Libraries()
        except OSError as cause:
            raise NotOfferedError(str(cause)) from cause
        number = ctypes.c_int()
        self._connection = self._lib.connect(None, ctypes.byref(number))
        if self.is_gone:
            self.close()
            raise NotOfferedError("there is no X server")
        self._root = self._root_of(number.value)
        self._actions: dict[_Place, ShortcutAction] = {}
        self._wanted: dict[Shortcut, list[_Place]] = {}
        self._let_go = (0, 0)  # the last key that came up, and when

    @property
    def descriptor(self) -> int:
        """What becomes readable when there is something to read."""
        return int(self._lib.descriptor(self._connection))

    @property
    def is_gone(self) -> bool:
        """Whether the server does not answer any more."""
        return bool(self._lib.has_error(self._connection))

    def close(self) -> None:
        """Give everything back."""
        self._lib.disconnect(self._connection)

    def grab(self, shortcuts: Sequence[Shortcut]) -> list[Shortcut]:
        """Take the keys from all other programs; return those that are taken already."""
        self._wanted = {shortcut: self._places(shortcut.keys) for shortcut in shortcuts}
        refused = []
        for shortcut, places in self._wanted.items():
            if places and all(self._grab(*place) for place in places):
                self._actions.update(dict.fromkeys(places, shortcut.action))
            else:
                refused.append(shortcut)
                self._give_back(places)
        return refused

    def pressed(self) -> Iterator[ShortcutAction]:
        """Yield what was asked for since this was last read."""
        while event := self._lib.poll(self._connection):
            key = xcb.KeyEvent.from_address(event)
            kind, at = key.response_type & 0x7F, (key.detail, key.time)
            action = self._actions.get((key.detail, key.state & HELD))
            self._lib.free(event)
            if kind == xcb.KEY_RELEASE:
                self._let_go = at
            elif kind == xcb.MAPPING_NOTIFY:
                self._grab_again()
            # A key that is held comes up and goes down again in one moment, many times
            elif kind == xcb.KEY_PRESS and action is not None and at != self._let_go:
                yield action

    def _grab_again(self) -> None:
        """Follow a keyboard whose keys mean something else now; most changes are of others."""
        wanted = tuple(self._wanted)
        if any(self._places(one.keys) != self._wanted[one] for one in wanted):
            self._give_back(self._actions)
            self._actions.clear()
            self.grab(wanted)

    def _grab(self, code: int, mask: int) -> bool:
        requests = [
            self._lib.grab_key(
                self._connection, 0, self._root, mask | lock, code, xcb.ASYNC, xcb.ASYNC
            )
            for lock in LOCKS
        ]
        # All are looked at: an answer that nobody takes stays in memory
        return not [request for request in requests if not self._succeeds(request)]

    def _give_back(self, places: Iterable[_Place]) -> None:
        for code, mask in places:
            for lock in LOCKS:
                request = self._lib.ungrab_key(self._connection, code, self._root, mask | lock)
                self._succeeds(request)

    def _succeeds(self, request: xcb.Cookie) -> bool:
        error = self._lib.check(self._connection, request)
        self._lib.free(error)
        return not error

    def _places(self, keys: KeyCombination) -> list[_Place]:
        """Return where the keys are; nowhere on a keyboard without that key."""
        mask = sum(MASKS[modifier] for modifier in keys.modifiers)
        if keys.key in FUNCTION_KEYS:
            symbol = F1_SYMBOL + FUNCTION_KEYS.index(keys.key)
        else:
            symbol = ord(keys.key.lower())
        symbols = self._lib.symbols(self._connection)
        found = self._lib.keycodes(symbols, symbol)
        codes: list[int] = []
        while found and found[len(codes)]:
            codes.append(found[len(codes)])
        self._lib.free(found)
        self._lib.free_symbols(symbols)
        return [(code, mask) for code in codes]

    def _root_of(self, number: int) -> int:
        screens = self._lib.roots(self._lib.setup(self._connection))
        for _ in range(number):
            self._lib.next_screen(ctypes.byref(screens))
        return int(screens.data[0])
