"""What a test does on a machine that lacks something."""

import os
from typing import NoReturn

import pytest


def skip_for(reason: str) -> NoReturn:
    """Skip the test, or fail it where everything has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
