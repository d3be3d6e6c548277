"""What a report shows of the doubts in the words that it quotes."""

from dataclasses import replace

from app.domain.ids import SegmentId
from app.domain.transcript import Segment
from drafting.markdown import markdown
from drafting.outline import outline
from drafting.quote_marks import marked_quote
from tests.builders import a_record, a_segment, a_source, a_spelled_segment, an_entry, doubted
from tests.unit.drafting.checkout import OPTIONS
from tests.unit.drafting.outlined import method, report_of
from tests.unit.drafting.rendered import made, text_of

UNSURE = doubted(a_segment("the rate went to 12% at 12:10."), {"12:10.": 0.78, "went": 0.2})


def marked(segment: Segment, quote: str = "") -> str:
    return marked_quote(quote or segment.text, [segment], segment.span)


def test_an_unsure_word_bears_a_mark() -> None:
    assert marked(UNSURE) == "the rate went [?] to 12% at 12:10. [?]"


def test_a_spelling_of_the_glossary_bears_what_was_heard() -> None:
    spelled = a_spelled_segment("the check out api is down")
    assert marked(spelled) == "the checkout-api [heard: check out api] is down"
    assert marked(doubted(spelled, {"checkout-api": 0.1})).count("[?] [heard:") == 1


def test_a_quote_of_some_words_bears_the_marks_of_those() -> None:
    words = UNSURE.words
    span = a_source(UNSURE, start_ms=words[5].start_ms, end_ms=words[6].end_ms).span
    assert marked_quote("at 12:10.", [UNSURE], span) == "at 12:10. [?]"


def test_other_words_than_were_quoted_say_nothing_of_them() -> None:
    assert marked(UNSURE, "the rate was at 14:02.") == "the rate was at 14:02."


def test_what_a_person_has_rewritten_bears_no_mark() -> None:
    assert marked(replace(UNSURE, text="The rate went to 12% at 14:02.")) == (
        "The rate went to 12% at 14:02."
    )


def test_the_report_marks_what_it_cites_and_says_what_the_marks_mean() -> None:
    spelled = a_spelled_segment("the check out api is down")
    entry = an_entry("It is down", sources=(a_source(UNSURE), a_source(spelled)))
    report = report_of(entry, segments=(UNSURE, spelled))
    quotes = [source.quote for source in report.sources]
    assert quotes == [marked(UNSURE), marked(spelled)]
    note = method(report)["Transcript"]
    assert "2 words unsure, marked [?] where quoted." in note
    assert "1 spelling by the team's glossary, marked [heard: …]." in note


def test_a_quote_bears_the_doubts_of_a_later_pass() -> None:
    entry = an_entry("It broke", sources=(a_source(UNSURE),))
    later = replace(UNSURE, id=SegmentId("seg-later"))
    report = report_of(entry, segments=(later,))
    assert [source.quote for source in report.sources] == [marked(UNSURE)]


def test_a_report_without_doubts_does_not_speak_of_marks() -> None:
    report = report_of(an_entry(sources=(a_source(),)), segments=(a_segment(),))
    assert "[?]" not in method(report)["Transcript"]
    assert "glossary" not in method(report)["Transcript"]


def test_a_line_that_states_an_unsure_figure_says_so_beside_it() -> None:
    stated = an_entry("The rate is 12% at 12:10", occurred="12:10", sources=(a_source(UNSURE),))
    corrected = replace(stated, text="The rate is 12% at 14:02")
    record = a_record(stated, segments=(UNSURE,))
    assert [row.doubt for row in outline(record, OPTIONS).timeline] == ["“12:10” heard unsure"]
    assert "(“12:10” heard unsure)" in markdown(record, OPTIONS)
    assert "“12:10” heard unsure" in text_of(made(record))
    assert report_of(corrected, segments=(UNSURE,)).timeline[0].doubt == ""
