"""Keeps the figures of the long proofs: each with its bar, date, commit and machine."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

FIGURES = Path(__file__).with_name("figures.md")
ROOT = Path(__file__).parents[2]
HEAD = """# What the long proofs measured

`make prove` writes this file: each figure as it came out last, and where.

| proof | figure | bar | date | commit | machine |
|---|---|---|---|---|---|
"""


class KeepFigure(Protocol):
    """The fixture ``proof_figure``."""

    def __call__(self, name: str, value: float, unit: str, bar: str) -> None:
        """Keep a figure."""


def keep_figure(name: str, value: float, unit: str, bar: str) -> None:
    """Note a figure; it takes the place of the one of that name. Only where it was asked for."""
    if os.environ.get("HOTWASH_WRITE_PROOFS") != "1":
        return
    today = datetime.now(UTC).date().isoformat()
    cells = (name, f"{value:.10g} {unit}".strip(), bar, today, _commit(), _machine())
    lines = FIGURES.read_text("utf-8").splitlines() if FIGURES.exists() else HEAD.splitlines()
    head, rows = lines[:6], lines[6:]
    others = [row for row in rows if not row.startswith(f"| {name} |")]
    rows = sorted([*others, f"| {' | '.join(cells)} |"])
    FIGURES.write_text("\n".join([*head, *rows]) + "\n", "utf-8")


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "none"


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores, Python {platform.python_version()}"
