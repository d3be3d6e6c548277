"""Texts from templates: Jinja2 in a sandbox, a team's own file before the shipped one.

A template is Markdown. What it prints of the record is made harmless there, so that no words of
the record can become a heading, a list or a link. Templates are a team's own files, yet a slip in
one must neither stop the program nor fill its memory: loops over numbers, sizes of texts and the
time are bounded.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from app.domain.errors import TemplateError
from drafting.markdown_words import escaped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.communications import Audience
    from drafting.audiences.inside import InsideFacts
    from drafting.audiences.outside import OutsideFacts

SUFFIX = ".md.j2"
MOST_CHARACTERS = 200_000
MOST_ROUNDS = 100_000  # of loops over numbers, together
LONGEST_S = 5.0
# What makes much out of little: “'x' * 1000000000” would fill the memory at once.
_GROWING_OPERATORS = frozenset({"+", "*", "**", "%"})
_GROWING_METHODS = frozenset(
    {"center", "expandtabs", "format", "format_map", "ljust", "rjust", "translate", "zfill"}
)
_GROWING_FILTERS = ("center", "format", "indent", "wordwrap", "xmlattr")
# A namespace carries a text from round to round, where “~” would double it each time.
_GROWING_GLOBALS = ("lipsum", "namespace")


class _Runaway(Exception):  # noqa: N818  it ends one rendering, and is told as a TemplateError
    """A template goes on without an end."""


class AudienceTemplates:
    """Renders the template of an audience; ``own`` is the team's folder, which may be missing."""

    def __init__(self, shipped: Path, own: Path) -> None:
        self._folders = (own, shipped)

    def render(self, audience: Audience, facts: InsideFacts | OutsideFacts) -> str:
        """Return the text as Markdown.

        Raises:
            TemplateError: The template is missing, cannot be read, or does not do.
        """
        name = f"{audience.value}{SUFFIX}"
        path = next((f / name for f in self._folders if (f / name).is_file()), None)
        if path is None:
            raise TemplateError(self._folders[-1] / name, None, "there is no such file")
        words = {field.name: getattr(facts, field.name) for field in fields(facts)}
        try:
            return _whole(_Sandbox(self._folders).get_template(name), words)
        except Exception as cause:
            # The boundary to a team's own file: what it does wrong can raise anything.
            raise TemplateError(path, _line_of(cause), _reason(cause)) from cause


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = _GROWING_OPERATORS

    def __init__(self, folders: tuple[Path, ...]) -> None:
        super().__init__(
            loader=jinja2.FileSystemLoader(folders, encoding="utf-8"),
            autoescape=True,  # marks what is Markdown already, so that it is not escaped twice
            finalize=_harmless,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.globals["range"] = _rounds()
        for name in _GROWING_FILTERS:
            del self.filters[name]
        for name in _GROWING_GLOBALS:
            del self.globals[name]

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers or operator == "**":
            raise SecurityError(
                f"“{operator}” is for numbers here (“~” joins texts), and “**” for none"
            )
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        grows = isinstance(obj, str) and attr in _GROWING_METHODS
        return not grows and super().is_safe_attribute(obj, attr, value)


def _harmless(value: Any) -> Markup:
    """Return what is printed as Markdown: what comes of the template itself is that already."""
    if isinstance(value, Markup | jinja2.Undefined):
        return Markup(value)  # noqa: S704  of a macro, escaped inside; an undefined name raises
    return Markup(escaped(str(value)))  # noqa: S704  Markdown, where it is harmless now


def _rounds() -> Callable[..., range]:
    """Return a ``range`` for one rendering that ends when all its rounds are used up."""
    left = MOST_ROUNDS

    def counted(*bounds: int) -> range:
        nonlocal left
        rounds = range(*bounds)
        left -= len(rounds)
        if left < 0:
            raise _Runaway(f"its loops take more than {MOST_ROUNDS:,} rounds")
        return rounds

    return counted


def _whole(template: jinja2.Template, words: dict[str, Any]) -> str:
    pieces: list[str] = []
    size, end = 0, time.monotonic() + LONGEST_S
    for piece in template.generate(words):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_CHARACTERS:
            raise _Runaway(f"its text is longer than {MOST_CHARACTERS:,} characters")
        if time.monotonic() > end:
            raise _Runaway(f"it takes longer than {LONGEST_S:.0f} seconds")
    return "".join(pieces)


def _line_of(cause: Exception) -> int | None:
    """Return the line of the template that is at fault; Jinja2 rewrites tracebacks to tell it."""
    if isinstance(cause, jinja2.TemplateSyntaxError):
        return cause.lineno
    frames = traceback.extract_tb(cause.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename.endswith(SUFFIX)]
    return lines[-1] if lines else None


def _reason(cause: Exception) -> str:
    match cause:
        case jinja2.TemplateNotFound():
            return f"“{cause}” is not there"
        case UnicodeDecodeError():
            return "it is no UTF-8"
        case RecursionError():
            return "it calls itself without an end"
        case _:
            return (str(cause) or type(cause).__name__).rstrip(".")
