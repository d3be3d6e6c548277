"""Evidence packs from the command line: made, signed, checked, refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests import keyrings
from tests.builders import INCIDENT
from tests.command_line import Hotwash
from tests.machines import Machine, with_an_incident

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = ["kind", "ok", "files", "bytes", "problems", "gaps", "clock_events", "missing"]
KEYS += ["manifest_sha256", "chain_head", "signature"]


@pytest.fixture
def hotwash(tmp_path: Path) -> Iterator[Hotwash]:
    machine = with_an_incident(Machine(tmp_path / "home"), seconds=1)
    machine.close()
    with keyrings.in_use(None):
        yield Hotwash(tmp_path / "home", {})


def pack(hotwash: Hotwash, out: Path, *more: str | Path) -> Path:
    made = hotwash.json("export", INCIDENT, "--format", "pack", "--out", out, *more)
    assert made["bytes"] == out.stat().st_size
    return out


def test_a_pack_is_made_and_checked_and_what_that_proves_is_said(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    out = pack(hotwash, tmp_path / "pack.zip")
    found = hotwash.json("verify", out)
    assert list(found) == KEYS
    assert (found["kind"], found["ok"], found["problems"]) == ("pack", True, [])
    assert found["signature"] is None
    assert found["chain_head"] == hotwash.json("verify", INCIDENT)["chain_head"]

    told = hotwash.run("verify", out).stdout
    assert "all as recorded" in told
    assert "Nobody signed it" in told
    assert found["manifest_sha256"] in told


def test_a_changed_pack_is_a_finding_that_names_the_member(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    out = pack(hotwash, tmp_path / "pack.zip")
    data = bytearray(out.read_bytes())
    data[data.index(b"%PDF-") + 60] ^= 1
    out.write_bytes(data)

    done = hotwash.run("verify", out)
    assert (done.returncode, "changed: report.pdf" in done.stdout) == (1, True)
    assert "it is whole" not in done.stdout
    (problem,) = problems_of(hotwash, out)
    assert (problem["path"], problem["reason"]) == ("report.pdf", "changed")


def problems_of(hotwash: Hotwash, path: Path) -> list[dict[str, str]]:

    done = hotwash.run("verify", path, "--json")
    assert done.returncode == 1
    problems: list[dict[str, str]] = json.loads(done.stdout)["problems"]
    return problems


def test_a_key_behind_a_passphrase_signs(hotwash: Hotwash, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("correct horse battery\nanother line\n")
    told = hotwash.refusal("sign-key", "create", code=3)
    assert "--passphrase-file" in told
    assert hotwash.json("sign-key", "show") == {
        "public_key": None, "fingerprint": None, "kept_in": None,
    }  # fmt: skip

    key = hotwash.json("sign-key", "create", "--passphrase-file", secret)
    assert (key["kept_in"], key) == ("file", hotwash.json("sign-key", "show"))
    command = ("export", INCIDENT, "--format", "pack", "--out", tmp_path / "none.zip")
    assert "behind a passphrase" in hotwash.refusal(*command, code=1)
    assert not (tmp_path / "none.zip").exists()

    signed = pack(hotwash, tmp_path / "signed.zip", "--passphrase-file", secret)
    found = hotwash.json("verify", signed, "--key", key["fingerprint"])
    assert found["signature"] == {
        "fingerprint": key["fingerprint"], "public_key": key["public_key"], "valid": True,
    }  # fmt: skip
    as_typed = key["fingerprint"].replace(":", "").upper()
    assert hotwash.json("verify", signed, "--key", as_typed)["ok"]
    assert f"Signed by {key['fingerprint']}" in hotwash.run("verify", signed).stdout
    unsigned = pack(hotwash, tmp_path / "unsigned.zip", "--unsigned")
    assert hotwash.run("verify", unsigned, "--key", key["fingerprint"]).returncode == 1

    assert hotwash.json("sign-key", "forget") == {"forgotten": True}
    assert hotwash.json("verify", signed)["signature"]["valid"]


def test_a_key_that_cannot_be_compared_is_refused(hotwash: Hotwash, tmp_path: Path) -> None:
    bundle = tmp_path / "whole.zip"
    hotwash.json("export", INCIDENT, "--format", "bundle", "--out", bundle)
    key = ("--key", "0" * 32)
    for what in (bundle, INCIDENT):
        assert "Only evidence packs are signed" in hotwash.refusal("verify", what, *key, code=2)
    told = hotwash.refusal("verify", bundle, "--key", "mine", code=2)
    assert "“mine” is no fingerprint" in told


def test_the_choice_is_counted_before_and_after(hotwash: Hotwash, tmp_path: Path) -> None:
    (entry,) = hotwash.json("show", INCIDENT)["entries"]
    choice = ("--without", "review", "--without", "method", "--leave-out", entry["id"])
    out = tmp_path / "a.pdf"
    seen = hotwash.json("export", INCIDENT, "--format", "pdf", "--preview", *choice)
    left_out = {"sections": ["method", "review"], "entries": 1, "kept_out_by_record": 0}
    assert (seen["entries"], seen["left_out"], seen["final_allowed"]) == (0, left_out, False)
    assert {finding["rule"] for finding in seen["refusals"]} >= {"R07"}
    assert not out.exists()

    made = hotwash.json("export", INCIDENT, "--format", "pdf", "--out", out, *choice)
    assert (made["left_out"], made["final"]) == (left_out, False)


def test_a_final_export_is_refused_with_the_list(hotwash: Hotwash, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    told = hotwash.refusal("export", INCIDENT, "--format", "pdf", "--final", "--out", out, code=1)
    assert "It cannot be final yet" in told
    assert "R07:" in told
    assert "R20:" in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "doc"), "There is no format"),
        (("--format", "pdf", "--paper", "A5"), "There is no paper"),
        (("--format", "pdf", "--without", "gossip"), "There is no section"),
        (("--format", "pdf"), "--out FILE"),
    ],
)
def test_a_word_that_is_none_is_told(hotwash: Hotwash, words: tuple[str, ...], told: str) -> None:
    assert told in hotwash.refusal("export", INCIDENT, *words, code=2)
