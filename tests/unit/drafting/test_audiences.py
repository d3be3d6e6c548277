from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import pytest

from app.domain.communications import Audience
from app.domain.impact import CustomerImpact, TechnicalImpact
from app.domain.incident import IncidentState
from app.domain.rules.checker import check
from app.domain.timeline import Anchor, EntryKind, HypothesisState
from app.resources import resources_dir
from drafting.audiences.brief import Brief, brief
from drafting.audiences.markup import blocks_of, plain_text
from drafting.audiences.outside import outside_facts
from drafting.audiences.roles import without_names
from drafting.audiences.templates import AudienceTemplates
from drafting.content.blocks import Break, Bullets, Cautions, Heading, Paragraph, Words
from tests.builders import a_record, a_speaker, an_entry, an_incident
from tests.record_builders import (
    a_communication,
    a_factor,
    a_quantity,
    a_role,
    a_status_update,
    an_evidence,
    an_impact,
)
from tests.unit.drafting.checkout import MADE_AT, OPTIONS
from tests.unit.drafting.html_read import ReadPage

if TYPE_CHECKING:
    from app.domain.record import Record

TEMPLATES = AudienceTemplates(resources_dir() / "templates", resources_dir() / "none")
OUTSIDE = [audience for audience in Audience if audience.is_external]
INSIDE = [Audience.EXECUTIVE, Audience.SUPPORT]
PROOF = an_evidence()


def an_incident_to_tell(**parts: Any) -> Record:
    told = {
        "incident": an_incident(
            title="INNER TITLE", state=IncidentState.RESOLVED, owner="Nadia Berg", severity="SEV1"
        ),
        "roles": (a_role("incident commander", "Priya Rao"), a_role("scribe", "Marcus")),
        "evidence": (PROOF,),
        "impact": an_impact(
            technical=TechnicalImpact(components=("INNER-POOL",), regions=("Europe",)),
            customer=CustomerImpact(
                affected_percent=a_quantity(20), symptoms=("Payments fail",), data_loss="none"
            ),
        ),
        "factors": (a_factor("INNER FACTOR"),),
    }
    return a_record(
        an_entry("Payments fail", occurred="14:02", anchor=Anchor.IMPACT_START,
                 customer_visible=True),
        an_entry("Priya Rao told customers that payments work", occurred="14:31",
                 anchor=Anchor.RECOVERY_CONFIRMED, customer_visible=True),
        an_entry("INNER FACT", occurred="14:05"),
        an_entry("INNER GUESS", kind=EntryKind.HYPOTHESIS, customer_visible=True),
        an_entry("INNER PROVEN GUESS", kind=EntryKind.HYPOTHESIS, customer_visible=True,
                 hypothesis_state=HypothesisState.CONFIRMED, evidence=(PROOF.id,)),
        an_entry("INNER DECISION", kind=EntryKind.DECISION, customer_visible=True),
        an_entry("INNER KEPT BACK", customer_visible=True, in_report=False),
        **told | parts,
    )  # fmt: skip


def made(audience: Audience, record: Record | None = None) -> Brief:
    return brief(record or an_incident_to_tell(), audience, TEMPLATES, OPTIONS)


@pytest.mark.parametrize("audience", OUTSIDE)
def test_outside_only_confirmed_facts_that_customers_saw_and_impact_are_told(
    audience: Audience,
) -> None:
    text = made(audience).text
    assert "Payments fail" in text
    assert "20 %" in text
    assert "14:02 UTC" in text
    assert "29 minutes" in text
    assert "INNER" not in text
    assert "inc-a" not in text
    assert "EUR" not in text, "what it cost is the company's own"


@pytest.mark.parametrize("audience", OUTSIDE)
@pytest.mark.parametrize("form", ["md", "html", "docx", "txt"])
def test_no_form_of_it_tells_more(audience: Audience, form: str) -> None:
    content = made(audience).content(form, OPTIONS)
    if form == "docx":
        document = docx.Document(io.BytesIO(content))
        words = "\n".join(p.text for p in document.paragraphs)
        about = document.core_properties
        words += f"{about.title} {about.subject} {document.sections[0].footer.paragraphs[0].text}"
    else:
        words = content.decode("utf-8")
    assert "Payments fail" in words
    for secret in ("INNER", "inc-a", "Priya", "Rao", "Nadia"):
        assert secret not in words


def test_outside_roles_stand_for_names() -> None:
    text = made(Audience.EXTERNAL).text
    assert "the incident commander told customers that payments work" in text


@pytest.mark.parametrize("audience", OUTSIDE)
def test_an_open_incident_is_not_told_as_over(audience: Audience) -> None:
    running = an_incident(title="x", state=IncidentState.ACTIVE)
    update = a_status_update(audience=audience)
    text = made(audience, an_incident_to_tell(incident=running, status_updates=(update,))).text
    assert "resolved" not in text.lower()
    assert "2026-03-12 15:16 UTC" in text, "the next update that was promised to them"


@pytest.mark.parametrize("audience", OUTSIDE)
def test_what_is_told_outside_claims_nothing_that_the_record_does_not_know(
    audience: Audience,
) -> None:
    record = an_incident_to_tell()
    told = made(audience, record)
    kept = replace(record, communications=(a_communication(audience=audience, text=told.text),))
    rules = {f.rule for f in check(kept, MADE_AT) if f.place.type == "communication"}
    assert rules.isdisjoint({"R01", "R13", "R14"})


def test_the_facts_that_are_told_are_named() -> None:
    record = an_incident_to_tell()
    texts = {entry.id: entry.text for entry in record.entries}
    used = outside_facts(record, OPTIONS, Audience.STATUS_PAGE).facts_used
    assert [texts[entry] for entry in used] == [  # type: ignore[index]
        "Payments fail", "Priya Rao told customers that payments work",
    ]  # fmt: skip


def test_an_executive_reads_what_is_not_settled_first() -> None:
    text = made(Audience.EXECUTIVE).text
    assert text.index("Why it happened is not settled") < text.index("In short")
    assert "Candidate: INNER FACTOR" in text
    assert "SEV1, resolved." in text


def test_support_reads_what_can_be_said_apart_from_what_cannot() -> None:
    text = made(Audience.SUPPORT).text
    say, hold = text.split("What is not confirmed")
    assert "INNER GUESS" not in say
    assert "INNER GUESS" in hold
    assert "Payments fail" in say
    assert "INNER PROVEN GUESS" not in text, "it is confirmed, and no fact of the timeline"


@pytest.mark.parametrize("audience", [*INSIDE, *OUTSIDE])
def test_words_of_the_record_cannot_become_markup(audience: Audience) -> None:
    nasty = "# head\n- item\n> quote **bold** [x](http://y) <script>"
    record = an_incident_to_tell(
        entries=(an_entry(nasty, customer_visible=True, anchor=Anchor.TRIGGER),),
        incident=an_incident(title=nasty),
    )
    told = made(audience, record)
    heads = [b.text for b in blocks_of(told.markdown) if isinstance(b, Heading)]
    assert "head" not in heads
    page = ReadPage(told.content("html", OPTIONS).decode("utf-8"))
    assert "script" not in {tag for tag, _ in page.tags}
    assert not page.all("a", "href")
    shown = " ".join(nasty.split()) if audience is not Audience.EXECUTIVE else "# head"
    assert shown in " ".join(told.text.split())


def test_the_same_record_gives_the_same_text() -> None:
    for audience in (*INSIDE, *OUTSIDE):
        first, second = made(audience), made(audience)
        for form in ("md", "html", "docx", "txt"):
            assert first.content(form, OPTIONS) == second.content(form, OPTIONS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Priya rolled back", "the incident commander rolled back"),
        ("PRIYA RAO and Rao", "the incident commander and the incident commander"),
        ("priya rao, priya", "the incident commander, priya"),
        ("Mark marked it; will Will mark it?", "the scribe marked it; will Will mark it?"),
        ("Zoë left", "the responder left"),
        ("Priyanka stays", "Priyanka stays"),
    ],
)
def test_names_become_roles_and_words_stay_words(text: str, shown: str) -> None:
    roles = (a_role("incident commander", "Priya Rao"), a_role("scribe", "Mark Will"))
    record = a_record(roles=roles, speakers=(a_speaker(name="Zoë"),))
    assert without_names(record)(text) == shown


def test_the_name_of_a_merged_voice_becomes_the_role_of_the_one_it_is() -> None:
    priya = a_speaker(name="Priya", role="incident commander", confirmed=True)
    again = a_speaker("SPEAKER_01", name="Pri", merged_into=priya.id)
    record = a_record(speakers=(priya, again))
    assert without_names(record)("Pri rolled back") == "the incident commander rolled back"


def test_a_record_without_people_is_told_as_it_is() -> None:
    assert without_names(a_record())("Anna left") == "Anna left"


def test_markup_is_read_into_blocks() -> None:
    text = "# A *b*\n\nwords **strong**\nmore\\*\n\n- one<br>two\n- *three*\n\n> mind\n"
    assert blocks_of(text) == (
        Heading(1, "A b"),
        Paragraph((Words("words "), Words("strong", strong=True), Words(" more*"))),
        Bullets(((Words("one"), Break(), Words("two")), (Words("three", slanted=True),))),
        Cautions(((Words("mind"),),)),
    )
    assert (
        plain_text(blocks_of(text)) == "A b\n\nwords strong more*\n\n- one\ntwo\n- three\n\nmind\n"
    )
