"""Write requirements.lock anew, and the table of download sizes beside this file.

``make lock``; ``UPGRADE=1 make lock`` takes newer versions, else only what pyproject.toml asks
for changes. Each platform's wheels are really downloaded and unpacked (4 GB in all, not kept), so
a lock that cannot be installed on macOS or Windows is noticed here.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from pathlib import Path

from console import SetupError, complain, run, say
from environment import UV_SETTINGS
from uv_tool import find_uv

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
SIZES = Path(__file__).parent / "download_sizes.json"

# The names of environment.platform_key(), as uv calls them.
PLATFORMS = {
    "linux-x86_64": "x86_64-manylinux_2_34",
    "linux-aarch64": "aarch64-manylinux_2_39",
    "darwin-aarch64": "aarch64-apple-darwin",
    "win32-x86_64": "x86_64-pc-windows-msvc",
}

COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--generate-hashes"),
    *("--no-emit-index-url", "--no-header", "--python-version", "3.11"),
    *("--extra", "diarization", "--group", "dev"),
)


def main() -> int:
    """Do both; return the exit code."""
    try:
        uv = find_uv(ROOT)
        upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
        say("Resolving requirements.lock")
        pyproject = str(ROOT / "pyproject.toml")
        compiling = [str(uv), *COMPILE, *upgrade, pyproject, "-o", str(LOCK)]
        run(compiling, failure="The lock could not be made", env=UV_SETTINGS)
        table = {ours: _sizes(uv, theirs) for ours, theirs in PLATFORMS.items()}
    except SetupError as error:
        complain(error)
        return error.exit_code
    SIZES.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for name, sizes in table.items():
        say(f"  {name:<16} {sum(sizes.values()):7.0f} MiB in {len(sizes)} large packages")
    return 0


def _sizes(uv: Path, platform: str) -> dict[str, float]:
    """Return the MiB of every package of 1 MiB and more, as uv tells while it downloads."""
    say(f"Downloading everything for {platform}")
    with tempfile.TemporaryDirectory(prefix="hotwash-sizes-", dir=ROOT) as folder:
        told = run(
            [
                *(str(uv), "pip", "install", "--no-cache", "--no-deps", "--no-build"),
                *("--python", sys.executable, "--target", folder),
                *("--python-platform", platform, "--python-version", "3.11"),
                *("--require-hashes", "-r", str(LOCK)),
            ],
            failure=f"The lock cannot be installed on {platform}",
            # ONNX Runtime needs macOS 14; without this uv takes an older one for granted.
            env=UV_SETTINGS | {"MACOSX_DEPLOYMENT_TARGET": "14.0"},
        )
    found = re.findall(r"^Downloading (\S+) \(([\d.]+)(MiB|GiB)\)", told, re.MULTILINE)
    return {
        name: float(size) * (1024 if unit == "GiB" else 1) for name, size, unit in sorted(found)
    }


if __name__ == "__main__":
    sys.exit(main())
