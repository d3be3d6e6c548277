import pytest

from app.__main__ import _names_a_command
from app.global_options import GlobalOptions, UsageProblem, split_global_options


@pytest.mark.parametrize(
    ("typed", "chosen", "rest"),
    [
        ("show inc-1", GlobalOptions(), "show inc-1"),
        ("--home /h show inc-1", GlobalOptions(home="/h"), "show inc-1"),
        ("show inc-1 --home=/h --json", GlobalOptions(home="/h", as_json=True), "show inc-1"),
        ("show --as Priya inc-1", GlobalOptions(actor="Priya"), "show inc-1"),
        ("new -- --json", GlobalOptions(), "new -- --json"),
        ("attach x --start 2026", GlobalOptions(), "attach x --start 2026"),
    ],
)
def test_global_options_are_found_before_and_after_the_command(
    typed: str, chosen: GlobalOptions, rest: str
) -> None:
    assert split_global_options(typed.split()) == (chosen, rest.split())


@pytest.mark.parametrize("typed", [["show", "--home"], ["--as="], ["--home", ""]])
def test_an_option_without_its_value_is_a_slip(typed: list[str]) -> None:
    with pytest.raises(UsageProblem, match="needs a value"):
        split_global_options(typed)


@pytest.mark.parametrize(
    ("typed", "is_command"),
    [
        ("", False),
        ("--home /h", False),
        ("--home=/h --as Priya", False),
        ("--home=/h show inc-1", True),
        ("--help", True),
        ("--home", True),
    ],
)
def test_options_alone_open_the_window(typed: str, is_command: bool) -> None:  # noqa: FBT001  a row of the table
    assert _names_a_command(typed.split()) == is_command
