"""Python's garbage collector, and when it is only in the way."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def without_collection() -> Iterator[None]:
    """Hold the collector back while very many objects are made that all stay.

    It would look through all of them again each time a few hundred more are there: half of the
    time that reading a long transcript takes. What is dropped meanwhile is freed as ever.
    """
    if not gc.isenabled():  # somebody further out holds it back already
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
