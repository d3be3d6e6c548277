import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

import pytest

CODE = ("app", "capture", "transcription", "drafting", "ui", "packaging")
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


@pytest.fixture(scope="module")
def files(root: Path) -> dict[Path, str]:
    found = chain.from_iterable((root / folder).rglob("*.py") for folder in CODE)
    return {
        path.relative_to(root): text
        for path in found
        if (text := path.read_text(encoding="utf-8")).strip()
    }


def functions(files: dict[Path, str]) -> Iterator[tuple[str, int]]:
    """Each function with its length in lines, its docstring apart."""
    for path, text in files.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0]
                told = ast.get_docstring(node) is not None
                docstring = (first.end_lineno or 0) - first.lineno + 1 if told else 0
                length = (node.end_lineno or 0) - node.lineno + 1 - docstring
                yield f"{path}:{node.lineno} {node.name}", length


def test_no_file_is_too_long_to_read_at_a_sitting(files: dict[Path, str]) -> None:
    lengths = {path: len(text.splitlines()) for path, text in files.items()}

    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}
    assert median(lengths.values()) <= 120
    assert quantiles(lengths.values(), n=10)[-1] <= 300


def test_functions_are_short(files: dict[Path, str]) -> None:
    lengths = dict(functions(files))

    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}
    assert median(lengths.values()) <= 8
    assert quantiles(lengths.values(), n=10)[-1] <= 25


def test_every_silenced_check_has_its_reason(files: dict[Path, str]) -> None:
    bare = re.compile(r"# noqa(:[A-Z0-9, ]*)?$")

    without = []
    for path, text in files.items():
        above = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if bare.search(line.rstrip()) and not above.lstrip().startswith("#"):
                without.append(f"{path}:{number}")
            above = line

    assert without == []


def test_nothing_is_left_to_be_done(files: dict[Path, str]) -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError")

    assert [str(path) for path, text in files.items() if unfinished.search(text)] == []
