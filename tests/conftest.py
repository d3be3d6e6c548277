import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.lacking import skip_for
from tests.proof.recorded import KeepFigure, keep_figure

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# A shell ignores Ctrl-C for its jobs in the background, and children inherit that; tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if TYPE_CHECKING:
    from tests.keyrings import MemoryKeyring

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [t.name for t in threading.enumerate() if t not in before and not t.daemon]
    assert not left, f"threads still running: {left}"


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Real meeting audio and a real segmentation model, which are not ours to ship."""
    folder = Path(os.environ.get("HOTWASH_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        skip_for(f"{folder} is not there; set HOTWASH_TEST_DATA")
    return folder


@pytest.fixture
def ring() -> Iterator["MemoryKeyring"]:
    """The system's keyring, in memory."""
    from tests import keyrings  # noqa: PLC0415  few tests need it

    ring = keyrings.MemoryKeyring()
    with keyrings.in_use(ring):
        yield ring


@pytest.fixture
def proof_figure() -> KeepFigure:
    """Keep a figure of a long proof: its name, value, unit and bar. See tests/proof."""
    return keep_figure
