"""Scripts of the world on the page: their fonts, their order, and what copying gives."""

from typing import Any

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.ttfonts import TTFont

from drafting.options import Section
from drafting.pdf.document import PdfReport
from drafting.pdf.embedded_font import character_map
from drafting.pdf.line_ends import NEVER_FIRST
from drafting.pdf.look import MARGIN
from drafting.pdf.right_to_left import Joiner, plain, visual_text
from drafting.pdf.timeline_table import COLUMNS
from tests.builders import a_record, an_entry
from tests.unit.drafting.checkout import FONTS, OPTIONS
from tests.unit.drafting.rendered import made
from tests.unit.drafting.whole import ARABIC, EMOJI, HEBREW, JAPANESE, KOREAN

WIDTHS = [column.width for column in COLUMNS]
EVENT = WIDTHS.index(0)  # the column that takes what the others leave
EVENT_LEFT = MARGIN + sum(WIDTHS[:EVENT])
EVENT_RIGHT = A4[0] - MARGIN - sum(WIDTHS[EVENT:])
TIMELINE = frozenset(Section) - {Section.TIMELINE}


def the_timeline_of(*texts: str) -> Any:
    return made(a_record(*map(an_entry, texts)), sections_left_out=TIMELINE)


def test_every_script_is_drawn_and_copies_as_it_was_typed() -> None:
    texts = (JAPANESE, KOREAN, EMOJI, "Ἀθῆναι Žižka Київ")
    with the_timeline_of(*texts) as pdf:
        fonts = {char["fontname"].split("+")[1] for page in pdf.pages for char in page.chars}
        cells = [page.crop((EVENT_LEFT, 0, EVENT_RIGHT, page.height)) for page in pdf.pages[1:]]
        text = "".join("".join(cell.extract_text().split()) for cell in cells)
    for words in texts:
        assert "".join(words.split()) in text
    assert {"DroidSansFallback", "NotoEmoji-Regular"} <= fonts


def test_fonts_that_no_word_needs_are_not_embedded() -> None:
    with the_timeline_of("plain words") as pdf:
        fonts = {char["fontname"].split("+")[1] for page in pdf.pages for char in page.chars}
    assert not {"DroidSansFallback", "NotoEmoji-Regular"} & fonts


def test_hebrew_stands_from_right_to_left_with_its_numbers_from_left_to_right() -> None:
    assert visual_text("שלום 42 v1.2") == "v1.2 42 םולש"
    assert visual_text("said (שלום)") == "said (םולש)"
    assert visual_text("plain") == "plain"


def test_a_line_that_is_broken_goes_on_below_not_above() -> None:
    with the_timeline_of(" ".join(f"שורה{n}" for n in range(10, 40))) as pdf:
        words = [word for word in pdf.pages[1].extract_words() if "הרוש" in word["text"]]
    numbers = [int("".join(filter(str.isdigit, word["text"]))) for word in words]
    tops = {number: word["top"] for number, word in zip(numbers, words, strict=True)}
    lefts = {number: word["x0"] for number, word in zip(numbers, words, strict=True)}
    assert sorted(numbers) == list(range(10, 40))
    for before, after in zip(range(10, 39), range(11, 40), strict=True):
        if abs(tops[before] - tops[after]) < 1:
            assert lefts[after] < lefts[before]
        else:
            assert tops[after] > tops[before]


def test_arabic_letters_join_as_the_shaper_says_and_lead_back_to_what_was_typed() -> None:
    content = (FONTS / "DejaVuSans.ttf").read_bytes()
    glyphs = TTFont("Probe", str(FONTS / "DejaVuSans.ttf")).face.charToGlyph
    joined = Joiner(content, glyphs).joined("فشل الإصدار")
    assert joined != "فشل الإصدار"
    assert joined[0] == "\N{ARABIC LETTER FEH INITIAL FORM}"
    assert "\N{ARABIC LIGATURE LAM WITH ALEF WITH HAMZA BELOW ISOLATED FORM}" in joined
    assert "".join(map(plain, joined)) == "فشل الإصدار"


def test_a_word_that_is_read_from_the_right_is_copied_as_it_was_typed() -> None:
    record = a_record(an_entry("فشل الدفع بعد نشر الإصدار"), an_entry("התשלום נכשל"))
    pages = pypdfium2.PdfDocument(PdfReport(FONTS).render(record, OPTIONS))
    text = pages[1].get_textpage().get_text_range()
    assert "الإصدار" in text
    assert {"התשלום", "נכשל", "الدفع"} <= set(text.split())


@pytest.mark.parametrize("words", [ARABIC, HEBREW])
def test_a_paragraph_that_is_read_from_the_right_stands_at_the_right(words: str) -> None:
    with the_timeline_of(words[:20], "plain") as pdf:
        page = pdf.pages[1]
        letters = [
            c for c in page.chars if "DejaVu" in c["fontname"] and ord(c["text"][0]) > 0x590
        ]
        plain_words = page.search("plain")[0]
    assert min(char["x0"] for char in letters) > plain_words["x0"] + 60


def test_no_line_begins_with_what_ends_a_sentence() -> None:
    for length in range(1, 14):
        with the_timeline_of("枯" * length + JAPANESE * 3) as pdf:
            page = pdf.pages[1]
            lines = page.extract_text_lines()
            right = max(char["x1"] for char in page.chars)
        assert not [line["text"] for line in lines if line["text"][0] in NEVER_FIRST]
        assert right <= page.width - 40


def test_a_character_map_is_as_the_standard_wants_it() -> None:
    told = character_map("F", [0x1F680, *range(0x4E00, 0x4E96)])
    assert "<00> <D83DDE80>" in told
    assert told.count("beginbfchar") == 2
    assert "100 beginbfchar" in told
    assert "51 beginbfchar" in told
