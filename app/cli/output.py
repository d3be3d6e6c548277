"""What a command prints: words and tables for people, or one JSON document for programs."""

from __future__ import annotations

import functools
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.domain.encoding import json_bytes
from app.domain.events import WorkProgressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console
    from rich.progress import Progress, TaskID

    from app.domain.events import Event


class Output:
    """Standard output carries the answer, standard error everything else."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    @functools.cached_property
    def _out(self) -> Console:
        from rich.console import Console  # noqa: PLC0415  a tenth of a second, not for JSON

        return Console(highlight=False, soft_wrap=not sys.stdout.isatty())

    @functools.cached_property
    def _err(self) -> Console:
        from rich.console import Console  # noqa: PLC0415  as above

        return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())

    def say(self, text: str) -> None:
        """Print a line for people; nothing when a program is listening."""
        if not self.as_json:
            self._out.print(_escape(text))

    def note(self, text: str) -> None:
        """Print a remark on standard error."""
        self._err.print(_escape(text), style="yellow")

    def error(self, text: str, *, remedy: str) -> None:
        """Print what went wrong and what to do."""
        self._err.print(f"[bold red]Error:[/] {_escape(text)}")
        if remedy:
            self._err.print(f"       {_escape(remedy)}")

    def document(self, value: dict[str, Any]) -> None:
        """Print one JSON document, when one was asked for."""
        if self.as_json:
            self.spelled(json_bytes(value))

    def spelled(self, document: bytes) -> None:
        """Print a document that is spelled already, when one was asked for; UTF-8 everywhere."""
        if self.as_json:
            sys.stdout.flush()
            sys.stdout.buffer.write(document)
            sys.stdout.buffer.flush()

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table for people."""
        if self.as_json:
            return
        from rich.table import Table  # noqa: PLC0415  as above

        table = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*(_escape("" if cell is None else str(cell)) for cell in row))
        self._out.print(table)

    @contextmanager
    def changing_line(self) -> Iterator[Callable[[str], None]]:
        """Show a line that changes, on a terminal; elsewhere, nothing."""
        if self.as_json or not self._err.is_terminal:
            yield _ignore
            return
        with self._err.status("") as line:
            yield lambda text: line.update(_escape(text))

    @contextmanager
    def changing_end(self) -> Iterator[Callable[[Sequence[str]], None]]:
        """Show lines that change below what is said, on a terminal; elsewhere, nothing."""
        if self.as_json or not self._out.is_terminal:
            yield _ignore
            return
        from rich.live import Live  # noqa: PLC0415  as above
        from rich.text import Text  # noqa: PLC0415  as above

        # Only what goes to this terminal may pass through its screen.
        with Live(
            console=self._out,
            auto_refresh=False,
            transient=True,
            redirect_stderr=self._err.is_terminal,
        ) as end:
            yield lambda lines: end.update(Text("\n".join(lines), "italic dim"), refresh=True)

    @contextmanager
    def progress(self) -> Iterator[Callable[[Event], None]]:
        """Show bars for long work on a terminal; elsewhere, nothing."""
        if self.as_json or not self._err.is_terminal:
            yield _ignore
            return
        from rich.progress import (  # noqa: PLC0415  as above
            BarColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._err, transient=True) as progress:
            yield _Bars(progress).show


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``1 session`` or ``2 sessions``."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _escape(text: str) -> str:
    from rich.markup import escape  # noqa: PLC0415  as above

    return escape(text)


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, event: Event) -> None:
        if not isinstance(event, WorkProgressed):
            return
        total = event.total or None
        work = event.stage.partition(": ")[0]  # the same bar, whatever is done of it now
        if work not in self._tasks:
            self._tasks[work] = self._progress.add_task(event.stage, total=total)
        self._progress.update(
            self._tasks[work], description=event.stage, completed=event.done, total=total
        )


def _ignore(_news: Event | str | Sequence[str]) -> None:
    """Nobody is looking."""
