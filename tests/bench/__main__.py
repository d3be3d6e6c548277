"""Runs benchmarks: ``python -m tests.bench [NAME…] [--quick] [--json]``.

Each module of this folder with a ``measure(*, quick: bool)`` is a benchmark. Figures are ratios
to the plain library in the same run wherever there is one: the machines are noisy.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import AppError

if TYPE_CHECKING:
    from tests.bench.figures import Figure

HERE = Path(__file__).parent
MISSED, USAGE = 1, 2


def names() -> list[str]:
    """Return the benchmarks there are."""
    files = sorted(HERE.glob("*.py"))
    return [
        file.stem
        for file in files
        if "def measure(" in file.read_text(encoding="utf-8") and file.stem != "__main__"
    ]


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, all by default; return the exit code."""
    quick, as_json = "--quick" in arguments, "--json" in arguments
    wanted = [word for word in arguments if not word.startswith("--")] or names()
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        print(f"No benchmark “{unknown[0]}”. There are: {', '.join(names())}.", file=sys.stderr)
        return USAGE
    figures: list[Figure] = []
    for name in wanted:
        print(f"… {name}", file=sys.stderr, flush=True)
        module = importlib.import_module(f"tests.bench.{name}")
        try:
            figures += module.measure(quick=quick)
        except AppError as error:
            print(f"{error} {error.remedy}", file=sys.stderr)
            return MISSED
    if as_json:
        machine = f"{platform.platform()}, {platform.processor() or platform.machine()}"
        document = {"machine": machine, "figures": [asdict(figure) for figure in figures]}
        print(json.dumps(document, indent=1))
    else:
        for figure in figures:
            print(_line(figure))
    return MISSED if any(figure.ok is False for figure in figures) else 0


def _line(figure: Figure) -> str:
    mark = {True: "✓", False: "✗", None: " "}[figure.ok]
    baseline = "" if figure.baseline is None else f"  plain {figure.baseline:.4g} {figure.unit}"
    ratio = "" if figure.ratio is None else f"  ratio {figure.ratio:.3f}"
    bar = "" if figure.bar is None else f"  bar {figure.bar}"
    return f"{mark} {figure.name}: {figure.value:.4g} {figure.unit}{baseline}{ratio}{bar}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
