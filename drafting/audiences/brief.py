"""A text for an audience: made of the record by a template, in whatever form it is wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafting.audiences.inside import inside_facts
from drafting.audiences.markup import blocks_of, plain_text
from drafting.audiences.outside import outside_facts
from drafting.content.blocks import NO_EXHIBITS, Document, Heading

if TYPE_CHECKING:
    from app.domain.communications import Audience
    from app.domain.record import Record
    from drafting.audiences.templates import AudienceTemplates
    from drafting.options import ReportOptions

_EMPTY_LINES = re.compile(r"\n{3,}")
FORMS = ("docx", "html", "md", "txt")


@dataclass(frozen=True, slots=True)
class Brief:
    """A text, and the ids of the entries it tells where it is for people outside."""

    audience: Audience
    markdown: str
    document: Document
    facts_used: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return plain_text(blocks_of(self.markdown))

    def content(self, form: str, options: ReportOptions) -> bytes:
        """Return the text as a file of one of the ``FORMS``.

        Raises:
            KeyError: There is no such form.
        """
        return {
            "docx": lambda: _docx(self.document, options),
            "html": lambda: _html(self.document).encode("utf-8"),
            "md": lambda: self.markdown.encode("utf-8"),
            "txt": lambda: self.text.encode("utf-8"),
        }[form]()


def brief(
    record: Record,
    audience: Audience,
    templates: AudienceTemplates,
    options: ReportOptions,
) -> Brief:
    """Return the text for an audience.

    For people outside only what ``OutsideFacts`` holds can be in it.

    Raises:
        TemplateError: The audience's template does not do.
    """
    used: tuple[str, ...] = ()
    if audience.is_external:
        told = outside_facts(record, options, audience)
        used, text = told.facts_used, templates.render(audience, told)
    else:
        text = templates.render(audience, inside_facts(record, options))
    text = _tidy(text)
    return Brief(audience, text, _document(record, audience, text, options), used)


def _document(record: Record, audience: Audience, text: str, options: ReportOptions) -> Document:
    """Return the text as a document, whose properties tell no more than the text does."""
    blocks = blocks_of(text)
    incident = record.incident
    heads = (block.text for block in blocks if isinstance(block, Heading))
    return Document(
        title=next(heads, audience.value.replace("_", " ")),
        incident_id="" if audience.is_external else incident.id,
        made_at=options.made_at,
        footer="" if audience.is_external else incident.classification or "",
        blocks=blocks,
    )


def _tidy(text: str) -> str:
    """Return Markdown without what a template's own lines leave: spaces and empty lines."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _EMPTY_LINES.sub("\n\n", lines).strip() + "\n"


def _docx(document: Document, options: ReportOptions) -> bytes:
    from drafting.docx.form import docx_bytes  # noqa: PLC0415  python-docx is slow to import

    return docx_bytes(document, NO_EXHIBITS, options.page_size)


def _html(document: Document) -> str:
    from drafting.html.form import page  # noqa: PLC0415  only who wants a page loads it

    return page(document, NO_EXHIBITS)
