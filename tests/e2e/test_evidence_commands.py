"""Evidence at the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.command_line import Hotwash
from tests.unit.evidence_files.pictures import a_picture

if TYPE_CHECKING:
    from pathlib import Path

NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent/pulse", "XDG_RUNTIME_DIR": "/nonexistent"}
LINK = "https://grafana.acme.example/d/1"


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND)


@pytest.fixture
def incident(hotwash: Hotwash) -> str:
    return str(hotwash.json("new", "x")["id"])


def test_links_and_files_are_added_listed_and_tied(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    entry = hotwash.json("mark", incident, "fact", "5xx")["entry"]["id"]
    shot = tmp_path / "shot.png"
    shot.write_bytes(a_picture())
    told = hotwash.json(
        "evidence", incident, "--add", LINK, "--add", shot, "--entry", entry,
        "--captured", "2026-03-12T14:09Z", "--note", "the spike",
    )  # fmt: skip
    assert told["check"] is None
    link, file = told["added"]
    assert (link["kind"], link["url"], link["note"]) == ("dashboard", LINK, "the spike")
    assert (file["kind"], file["name"]) == ("screenshot", "shot.png")
    assert file["captured_at"] == "2026-03-12T14:09:00Z"
    listed = {one["id"]: one for one in hotwash.json("evidence", incident)["evidence"]}
    assert listed[link["id"]]["path"] is None
    assert listed[file["id"]]["entries"] == [entry]

    again = hotwash.json("evidence", incident, "--add", shot)
    assert (again["added"], again["already"]) == ([], [file])
    assert f"There already, with all that is said of it: {file['id']} (shot.png)" in (
        hotwash.run("evidence", incident, "--add", shot).stdout
    )
    begins = link["id"][:-2]
    untied = hotwash.json("evidence", incident, "--detach", begins, "--entry", entry)
    assert {one["id"]: one["entries"] for one in untied["evidence"]}[link["id"]] == []
    undone = ("evidence", incident, "--detach", link["id"], "--entry", entry)
    assert "not tied to" in hotwash.refusal(*undone, code=1)
    assert "More than one" in hotwash.refusal(*undone[:3], "evi-", *undone[4:], code=1)
    hotwash.json("evidence", incident, "--attach", begins, "--entry", entry)
    assert hotwash.json("show", incident)["entries"][0]["evidence"] == [file["id"], link["id"]]


def test_what_cannot_be_evidence_is_refused(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("1")
    assert "--kind" in hotwash.refusal("evidence", incident, "--add", rows, code=1)
    assert hotwash.json("evidence", incident, "--add", rows, "--kind", "log_query")["added"]
    refused = ["evidence", incident, "--add", LINK]
    assert "no entry" in hotwash.refusal(*refused, "--entry", "ent-none", code=1)
    assert "--captured" in hotwash.refusal(*refused, "--captured", "soon", code=1)
    assert "password" in hotwash.refusal(
        "evidence", incident, "--add", "https://a:b@x.example", code=1
    )
    assert "no address" in hotwash.refusal(
        "evidence", incident, "--add", "javascript:alert(1)", code=1
    )
    assert "which entry" in hotwash.refusal("evidence", incident, "--attach", "evi-1", code=1)
    assert "not there" in hotwash.refusal("evidence", incident, "--add", "none.png", code=1)


def test_the_check_and_verify_tell_what_is_wrong_with_files(
    hotwash: Hotwash, incident: str, tmp_path: Path
) -> None:
    shot = tmp_path / "shot.png"
    shot.write_bytes(a_picture())
    (made,) = hotwash.json("evidence", incident, "--add", shot)["added"]
    assert hotwash.json("evidence", incident, "--check")["check"] == {
        "ok": True,
        "files": 1,
        "bytes": shot.stat().st_size,
        "problems": [],
        "unused": [],
    }
    assert hotwash.json("verify", incident)["files"] == 1
    hotwash.json("undo", incident)
    assert hotwash.json("evidence", incident, "--check")["check"]["unused"] == [made["file"]]
    assert hotwash.json("verify", incident)["ok"]
    hotwash.json("redo", incident)

    folder = hotwash.home / "incidents" / incident / "evidence"
    (folder / made["file"]).write_bytes(b"another")
    (folder / "stray.txt").write_text("x")
    for command in (("evidence", incident, "--check"), ("verify", incident)):
        done = hotwash.run(*command, "--json")
        told = json.loads(done.stdout)
        problems = told["check"]["problems"] if command[0] == "evidence" else told["problems"]
        assert done.returncode == 1
        assert sorted(problem["reason"] for problem in problems) == ["changed", "extra"]
    assert {one["path"] for one in told["problems"]} == {
        f"evidence/{made['file']}",
        "evidence/stray.txt",
    }
