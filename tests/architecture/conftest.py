import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# The set-up is no package: its modules find each other because the script lies beside them.
sys.path.append(str(ROOT / "packaging"))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
