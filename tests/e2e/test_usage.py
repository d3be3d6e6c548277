"""Bad usage, the version, what a command loads, and one that is killed."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from app.cli.commands import MODULES
from tests.command_line import Hotwash
from tests.e2e.test_command_line import NO_SOUND, START, a_tone
from tests.sound import wait_until

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND)


def test_a_format_that_there_is_not_is_bad_usage_and_the_others_are_named(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    incident = hotwash.json("new", "x")["id"]
    out = tmp_path / "record.odt"
    told = hotwash.refusal("export", incident, "--format", "odt", "--out", out, code=2)
    assert "no format “odt”" in told
    assert "json, linear-csv, md, pack, pdf" in told
    assert not out.exists()


def test_a_command_that_reads_waits_for_no_library_that_it_does_without(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "x")["id"]
    dear = {"sqlalchemy", "sqlmodel", "alembic", "numpy", "rich", "PySide6", "reportlab", "PIL"}
    dear |= {"app.services.redaction", "app.services.final_pass", "transcription", "drafting"}
    code = (
        "import sys; from app.cli import run; code = run(sys.argv[1:]); "
        f"print(*({dear!r} & sys.modules.keys()), file=sys.stderr); sys.exit(code)"
    )
    words = ["show", incident, "--json", "--home", str(hotwash.home)]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["incident"]["id"] == incident
    assert done.stderr.split() == []


@pytest.mark.parametrize("module", MODULES)
def test_a_command_is_looked_for_in_the_module_that_has_it(module: str) -> None:
    app = typer.Typer()
    importlib.import_module(f"app.cli.{module}").register(app)
    groups = (group.name for group in app.registered_groups)
    commands = (command.name for command in app.registered_commands)
    assert (*commands, *groups) == MODULES[module]


def test_the_version_is_told(hotwash: Hotwash) -> None:
    version = hotwash.json("--version")["version"]
    assert version == hotwash.json("doctor")["versions"]["hotwash"]
    assert hotwash.run("--version").stdout == f"hotwash {version}\n"


def test_what_a_killed_attach_left_is_removed_and_told_of_once(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    incident = hotwash.json("new", "x")["id"]
    folders = hotwash.home / "incidents" / incident / "audio"
    tone = a_tone(tmp_path / "a.wav", seconds=1_800)
    with hotwash.start("attach", incident, tone, "--start", START) as running:
        wait_until(lambda: list(folders.rglob("*.part")) != [], "attaching has begun", seconds=60)
        told_meanwhile = hotwash.run("incidents")
        running.kill()

    first, second = hotwash.run("incidents"), hotwash.run("incidents")

    assert "Attach the files again" not in told_meanwhile.stderr
    assert "Attach the files again" in first.stderr
    assert "Attach the files again" not in second.stderr
    assert list(folders.iterdir()) == []
    assert hotwash.json("show", incident)["sessions"] == []
    assert hotwash.json("verify", incident)["ok"]


@pytest.mark.parametrize("name", ["\udcff", "\x1b[2J", "x" * 5_000])
def test_a_name_that_is_none_is_refused_with_a_remedy(hotwash: Hotwash, name: str) -> None:
    told = hotwash.refusal("new", "Checkout", "--as", name, code=1)
    assert "--as: it h" in told
    assert told.endswith("Give a name, such as Priya.")
    assert hotwash.json("incidents")["incidents"] == []
