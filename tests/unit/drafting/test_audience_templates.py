from pathlib import Path

import pytest

from app.domain.communications import Audience
from app.domain.errors import TemplateError
from app.resources import resources_dir
from drafting.audiences import templates as limits
from drafting.audiences.brief import brief
from drafting.audiences.templates import AudienceTemplates
from tests.builders import a_record, an_entry
from tests.unit.drafting.checkout import OPTIONS

SHIPPED = resources_dir() / "templates"


def rendered(own: Path, text: str, audience: Audience = Audience.SUPPORT) -> str:
    (own / f"{audience.value}.md.j2").write_text(text, "utf-8")
    record = a_record(an_entry("Payments *fail*", occurred="14:02", customer_visible=True))
    return brief(record, audience, AudienceTemplates(SHIPPED, own), OPTIONS).markdown


def refused(own: Path, text: str, audience: Audience = Audience.SUPPORT) -> TemplateError:
    with pytest.raises(TemplateError) as refusal:
        rendered(own, text, audience)
    assert str(own / f"{audience.value}.md.j2") in str(refusal.value)
    assert "move it away" in refusal.value.remedy
    return refusal.value


def test_a_team_s_own_template_comes_before_the_shipped_one(tmp_path: Path) -> None:
    own = "# Ours\n\n{% for row in visible %}\n- {{ row.text }}\n{% endfor %}\n"
    assert rendered(tmp_path, own) == "# Ours\n\n- Payments \\*fail\\*\n"


def test_it_may_take_over_parts_of_the_shipped_ones_and_bring_its_own(tmp_path: Path) -> None:
    (tmp_path / "signature.md.j2").write_text("**Yours**", "utf-8")
    own = (
        "{% macro line(row) %}- **{{ row.text }}**{% endmacro %}"
        '{{ line(visible[0]) }}\n\n{% include "signature.md.j2" %}'
    )
    assert rendered(tmp_path, own) == "- **Payments \\*fail\\***\n\n**Yours**\n"


@pytest.mark.parametrize("audience", [a for a in Audience if a is not Audience.ENGINEERING])
def test_every_audience_has_a_shipped_template(audience: Audience, tmp_path: Path) -> None:
    told = brief(a_record(), audience, AudienceTemplates(SHIPPED, tmp_path), OPTIONS)
    assert told.document.blocks


def test_a_slip_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    wrong = refused(tmp_path, "# Ours\n\n{% for row in visible %}\n{{ row.txet }}\n{% endfor %}")
    assert "line 4" in str(wrong)
    assert "txet" in str(wrong)
    wrong = refused(tmp_path, "one\n\n{% if %}")
    assert "line 3" in str(wrong)


@pytest.mark.parametrize("secret", ["hypotheses", "title", "decisions", "owner", "incident_id"])
def test_a_template_for_outside_has_no_words_for_what_must_not_leave(
    secret: str, tmp_path: Path
) -> None:
    wrong = refused(tmp_path, f"# x\n{{{{ {secret} }}}}", Audience.STATUS_PAGE)
    assert (wrong.line, f"'{secret}' is undefined" in str(wrong)) == (2, True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ ().__class__.__bases__[0].__subclasses__() }}", "unsafe"),
        ("{{ visible.__init__.__globals__ }}", "unsafe"),
        ("{{ 'x' * 1000000000 }}", "for numbers here"),
        ("{{ 9 ** 99999999 }}", "for none"),
        ("{{ '%1000000000d' % 1 }}", "for numbers here"),
        ("{{ 'x'.ljust(1000000000) }}", "unsafe"),
        ("{{ 'x'|center(1000000000) }}", "No filter named 'center'"),
        ("{{ 'x' + 'x' }}", "“~” joins texts"),
        ("{% set all = namespace(text='x') %}", "'namespace' is undefined"),
        ("{{ lipsum(100000) }}", "'lipsum' is undefined"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
         "more than 100,000 rounds"),
        ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "calls itself"),
        ("{% for a in range(90000) %}1234567890{% endfor %}", "longer than 200,000"),
        ('{% include "missing.md.j2" %}', "is not there"),
        ('{% include "../../etc/passwd" %}', "is not there"),
        ("{{ 1 / 0 }}", "division by zero"),
    ],
)  # fmt: skip
def test_a_template_can_neither_reach_out_nor_run_away(
    text: str, reason: str, tmp_path: Path
) -> None:
    assert reason in str(refused(tmp_path, text))


def test_a_template_that_takes_too_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LONGEST_S", 0.0)
    assert "longer than 0 seconds" in str(
        refused(tmp_path, "{% for a in range(9) %}x{% endfor %}")
    )


def test_a_template_that_is_no_text_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "support.md.j2"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match="it is no UTF-8"):
        brief(a_record(), Audience.SUPPORT, AudienceTemplates(SHIPPED, tmp_path), OPTIONS)
