"""The sections on how people worked: communications, close-out, the review, words used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import Bullets, Heading, Paragraph, Table, Words
from drafting.content.lines import plain, sentence, stacked, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drafting.content.blocks import Block, Line
    from drafting.report_conduct import CloseOutPart, Conduct, ReviewGuide, Term, UpdateRow


def communications(conduct: Conduct) -> Iterator[Block]:
    """Yield what was told to whom, what was handed over, and who was heard how long."""
    if conduct.updates:
        yield _updates(conduct.updates)
    if conduct.communications:
        yield Heading(3, "Texts for others")
        yield Table(
            ("At", "For", "Text", "Approved"),
            tuple(
                (plain(row.at), plain(row.audience), plain(row.text), value(row.approved))
                for row in conduct.communications
            ),
            (4, 4, 14, 5),
        )
    if conduct.checkpoints:
        yield Heading(3, "Handovers")
        yield Table(
            ("At", "Handover", "What was handed over", "Acknowledged"),
            tuple(
                (plain(row.at), plain(row.handover), _named(row.words), value(row.acknowledged))
                for row in conduct.checkpoints
            ),
            (4, 5, 13, 5),
        )
    if conduct.talk:
        yield Heading(3, "Who was heard")
        yield Table(
            ("Role", "Length", "Share"),
            tuple(
                (plain(row.who), plain(row.length), plain(f"{row.share:.0%}"))
                for row in conduct.talk
            ),
            (4, 2, 2),
        )


def _updates(rows: Sequence[UpdateRow]) -> Table:
    return Table(
        ("At", "For", "What was said", "Promised", "In time", "Approved"),
        tuple(
            (
                plain(row.at),
                stacked((plain(row.audience), plain(row.channel))),
                _named(row.words),
                plain(row.promised),
                (Words(row.late, strong=True),) if row.late else plain("yes"),
                plain(row.approved_by),
            )
            for row in rows
        ),
        (4, 4, 11, 5, 4, 4),
    )


def _named(words: Sequence[tuple[str, str]]) -> Line:
    return stacked((Words(f"{name}: ", strong=True), Words(text)) for name, text in words)


def closeout(part: CloseOutPart) -> Iterator[Block]:
    """Yield what has to be done before the incident is closed."""
    yield Table(
        ("Item", "State", "Note"),
        tuple((plain(row.item), plain(row.state), plain(row.note)) for row in part.checks),
        (8, 3, 8),
    )
    dates = ", ".join(part.review_dates)
    yield Paragraph((Words("Review dates: "), *value(dates)))
    yield Table(
        ("Signed by", "Date", "Signature"),
        tuple((plain(signer), (), ()) for signer in part.signers),
        (6, 3, 8),
    )


def review(guide: ReviewGuide) -> Iterator[Block]:
    """Yield what a facilitator runs the review from."""
    yield Table(
        ("Minutes", f"Agenda of {guide.minutes} minutes"),
        tuple((plain(item.minutes), plain(item.what)) for item in guide.agenda),
        (2, 12),
    )
    if guide.questions:
        yield Heading(3, "Questions")
        more = [plain(f"and {guide.more} more")] if guide.more else []
        yield Bullets((*(sentence(question) for question in guide.questions), *more))
    yield Heading(3, "Ground rules")
    yield Bullets(tuple(plain(rule) for rule in guide.rules))


def glossary(terms: Sequence[Term]) -> Iterator[Block]:
    """Yield the words that the report uses in a sense of its own."""
    if terms:
        yield Table(
            ("Word", "What it is"),
            tuple(((Words(term.text, strong=True),), plain(term.kind)) for term in terms),
            (3, 10),
        )
