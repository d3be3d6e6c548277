"""What a command prints: words and tables for people, or one JSON document for programs."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.domain.encoding import json_text
from app.domain.events import WorkProgressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.domain.events import Event


class Output:
    """Standard output carries the answer, standard error everything else."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
        self._err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

    def say(self, text: str) -> None:
        """Print a line for people; nothing when a program is listening."""
        if not self.as_json:
            self._out.print(escape(text))

    def note(self, text: str) -> None:
        """Print a remark on standard error."""
        self._err.print(escape(text), style="yellow")

    def error(self, text: str, *, remedy: str) -> None:
        """Print what went wrong and what to do."""
        self._err.print(f"[bold red]Error:[/] {escape(text)}")
        if remedy:
            self._err.print(f"       {escape(remedy)}")

    def document(self, value: dict[str, Any]) -> None:
        """Print one JSON document, when one was asked for."""
        if self.as_json:
            sys.stdout.write(json_text(value))
            sys.stdout.flush()

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table for people."""
        if self.as_json:
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
        self._out.print(table)

    @contextmanager
    def progress(self) -> Iterator[Callable[[Event], None]]:
        """Show bars for long work on a terminal; elsewhere, nothing."""
        if self.as_json or not self._err.is_terminal:
            yield _ignore
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._err, transient=True) as progress:
            yield _Bars(progress).show


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, event: Event) -> None:
        if not isinstance(event, WorkProgressed):
            return
        total = event.total or None
        if event.stage not in self._tasks:
            self._tasks[event.stage] = self._progress.add_task(event.stage, total=total)
        self._progress.update(self._tasks[event.stage], completed=event.done, total=total)


def _ignore(_event: Event) -> None:
    """Nobody is looking."""
