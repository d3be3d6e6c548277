"""A document as one HTML page: styles, pictures and sound inside, no script, no other address.

The page forbids itself everything but what it brings along, so that not even words that slipped
through could load or run anything.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from drafting.content.blocks import (
    Badge,
    Break,
    Bullets,
    Cautions,
    Chart,
    Clip,
    Code,
    Figure,
    Heading,
    Paragraph,
    RefLink,
    Ribbon,
    Table,
    Target,
    WebLink,
    Words,
)
from drafting.content.lines import links
from drafting.html.metric_figure import metric_figure
from drafting.html.words import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drafting.content.blocks import Block, Document, Exhibits, Inline, Line
    from drafting.report import Ref, Tick

NO_CLIP = "no clip in this page"


def page(document: Document, exhibits: Exhibits) -> str:
    """Return the page; the same for an equal document and equal exhibits."""
    form = _Html(exhibits)
    body = "\n".join(block for block in map(form.block, document.blocks) if block)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{shown(document.title)}</title>\n<style>{_style()}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n<footer>{shown(document.footer)}</footer>\n"
        "</body>\n</html>\n"
    )


@cache
def _style() -> str:
    return f"\n{files('drafting.html').joinpath('page.css').read_text(encoding='utf-8')}"


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; media-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


class _Html:
    def __init__(self, exhibits: Exhibits) -> None:
        self._exhibits = exhibits

    def block(self, block: Block) -> str:  # noqa: PLR0911  one for each kind
        match block:
            case Heading(level, text):
                return f'<h{level} dir="auto">{shown(text)}</h{level}>'
            case Paragraph(line):
                return f'<p dir="auto">{self._line(line)}</p>'
            case Cautions(lines):
                told = "".join(f'<p dir="auto">{self._line(line)}</p>' for line in lines)
                return f'<div class="cautions" role="note">{told}</div>'
            case Bullets(lines):
                items = "".join(f'<li dir="auto">{self._line(line)}</li>' for line in lines)
                return f"<ul>{items}</ul>"
            case Ribbon(ticks):
                return self._ribbon(ticks)
            case Chart(metric):
                return metric_figure(metric)
            case Table():
                return self._table(block)
            case Figure(ref, caption):
                return self._figure(ref, caption)

    def _table(self, table: Table) -> str:
        total = sum(table.widths)
        columns = "".join(f'<col width="{width * 100 // total}%">' for width in table.widths)
        heads = "".join(f'<th scope="col">{shown(head)}</th>' for head in table.heads)
        rows = "\n".join(
            f"<tr>{''.join(f'<td>{self._line(cell)}</td>' for cell in row)}</tr>"
            for row in table.rows
        )
        return (
            f'<div class="scroll"><table><colgroup>{columns}</colgroup>'
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
        )

    def _ribbon(self, ticks: Sequence[Tick]) -> str:
        return f'<ol class="ribbon">{"".join(map(self._tick, ticks))}</ol>'

    def _tick(self, tick: Tick) -> str:
        phase = f'<span class="phase{"" if tick.phase else " end"}">{shown(tick.phase)}</span>'
        line = self._line(links((tick.ref,) if tick.ref else ()))
        return f"<li>{phase}{shown(tick.clock)} {shown(tick.name)} {line}</li>"

    def _figure(self, ref: Ref, caption: str) -> str:
        picture = self._exhibits.pictures.get(ref)
        if picture is None:
            return ""
        source = _data("image/png", picture)
        return (
            f'<figure><img src="{source}" alt="{shown(caption)}">'
            f'<figcaption dir="auto">{shown(caption)}</figcaption></figure>'
        )

    def _line(self, line: Line) -> str:
        return "".join(self._inline(inline) for inline in line)

    def _inline(self, inline: Inline) -> str:  # noqa: PLR0911  one for each kind
        match inline:
            case Words():
                return _words(inline)
            case Code(text):
                return f"<code>{shown(text)}</code>"
            case Badge(kind):
                return f'<span class="badge {kind.value}">{kind.letter}</span> {kind.value}'
            case Target(ref):
                return f'<span class="ref" id="{ref.lower()}">{ref}</span>'
            case RefLink(ref):
                return f'<a class="ref" href="#{ref.lower()}">{ref}</a>'
            case WebLink(text, address):
                return f'<a href="{escape(address)}" rel="noreferrer noopener">{shown(text)}</a>'
            case Break():
                return "<br>"
            case Clip(ref):
                return self._clip(ref)

    def _clip(self, ref: Ref) -> str:
        sound = self._exhibits.clips.get(ref)
        if sound is None:
            return f"<br><small>{NO_CLIP}</small>"
        source = _data("audio/flac", sound)
        return f'<audio controls preload="none" src="{source}" aria-label="Clip {ref}"></audio>'


def _words(words: Words) -> str:
    text = shown(words.text).replace("\n", "<br>")
    for tag, has in (("s", words.struck), ("em", words.slanted), ("strong", words.strong)):
        text = f"<{tag}>{text}</{tag}>" if has else text
    return text


def _data(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
