"""A team's own words, colour and logo on the report."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.branding_file import read_branding
from app.domain.errors import ExportError
from drafting.branding import PLAIN, Branding, contrast_on_white
from drafting.options import Section
from tests.builders import a_record
from tests.unit.drafting.rendered import made

FRONT = frozenset(Section)


def a_logo(*, size: tuple[int, int] = (200, 50)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "navy").save(target, "PNG")
    return target.getvalue()


def a_folder(path: Path, toml: str, logo: bytes | None = None) -> Path:
    (path / "branding.toml").write_text(toml, encoding="utf-8")
    if logo is not None:
        (path / "logo.png").write_bytes(logo)
    return path


def test_a_folder_without_the_file_leaves_the_usual_look(tmp_path: Path) -> None:
    assert read_branding(tmp_path) == PLAIN


def test_words_colour_and_logo_stand_on_the_page(tmp_path: Path) -> None:
    toml = 'overline = "Learning review"\norganisation = "Ökotrust"\naccent = "#7a1f3d"\n'
    folder = a_folder(tmp_path, toml + 'logo = "logo.png"', a_logo())
    branding = read_branding(folder)
    with made(a_record(), branding=branding, sections_left_out=FRONT - {Section.METHOD}) as pdf:
        front, following = pdf.pages[:2]
        words = front.search("LEARNING REVIEW")[0]
        assert words["chars"][0]["non_stroking_color"] == pytest.approx(
            (0x7A / 255, 0x1F / 255, 0x3D / 255), abs=0.01
        )
        (logo,) = front.images
        assert logo["x1"] <= front.width - 40
        assert (logo["x1"] - logo["x0"]) / (logo["bottom"] - logo["top"]) == pytest.approx(4, 0.01)
        assert "Ökotrust · Checkout errors" in following.extract_text()


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("overline = ", "no TOML"),
        ('font = "Comic"', "line 1, font: there is no such setting"),
        ('\naccent = "red"', "line 2, accent: this is no colour"),
        ('accent = "#ffee88"', "too pale"),
        (f'overline = "{"x" * 81}"', "no words"),
        ("organisation = 3", "no words"),
        ('logo = "../logo.png"', "beside it"),
        ('logo = "none.png"', "none.png cannot be read"),
    ],
)
def test_a_look_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, toml: str, words: str
) -> None:
    with pytest.raises(ExportError, match=words):
        read_branding(a_folder(tmp_path, toml))


def test_a_logo_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no PNG or JPEG"):
        read_branding(a_folder(tmp_path, 'logo = "logo.png"', b"<svg/>"))
    damaged = Branding(logo=a_logo()[:20])
    with pytest.raises(ExportError, match="logo of the branding"):
        made(a_record(), branding=damaged, sections_left_out=FRONT)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast_on_white("#ffffff") == pytest.approx(1)
    assert contrast_on_white("#000000") == pytest.approx(21)
    assert contrast_on_white("#767676") == pytest.approx(4.54, abs=0.01)
