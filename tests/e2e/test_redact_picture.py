"""Parts of a picture are painted over for good, in the file, its name and every document."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, PngImagePlugin

from app.domain.home import Home
from app.domain.ids import IncidentId
from app.domain.redaction_plan import plan_redaction
from app.evidence_files.pictures import painted_over
from app.services.redaction_files import FileSearch
from app.services.redaction_sweep import begin, put_in_place
from tests.command_line import Hotwash
from tests.e2e.redaction_home import NO_SOUND
from tests.unit.evidence_files.pictures import a_picture

if TYPE_CHECKING:
    from pathlib import Path

BOX = "10,20,30,40"


@dataclass
class Shown:
    """An incident with a picture; ``old`` is what the record first said of it."""

    hotwash: Hotwash
    incident: str
    old: dict[str, Any]

    @property
    def now(self) -> dict[str, Any]:
        (evidence,) = self.hotwash.json("show", self.incident)["evidence"]
        return dict(evidence)

    def path(self, evidence: dict[str, Any]) -> Path:
        folder = Home(self.hotwash.home).incident_dir(IncidentId(self.incident))
        return folder / "evidence" / str(evidence["file"])

    def redact(self, *boxes: str) -> Any:
        typed = [word for box in boxes for word in ("--box", box)]
        command = ("redact", self.incident, "--picture", self.old["id"], *typed)
        return self.hotwash.json(*command, "--reason", "a token is to be seen", "--yes")


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    hotwash = Hotwash(tmp_path / "home", NO_SOUND)
    incident = hotwash.json("new", "Checkout")["id"]
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "taken at the desk of Ann")
    path = tmp_path / "shot.png"
    path.write_bytes(a_picture(100, 80, pnginfo=note))
    hotwash.json("evidence", incident, "--add", path)
    (old,) = hotwash.json("show", incident)["evidence"]
    return Shown(hotwash, incident, old)


def test_the_box_is_black_and_the_rest_as_it_was(shown: Shown) -> None:
    done = shown.redact(BOX)

    assert done == {
        "evidence_id": shown.old["id"], "file": shown.now["file"],
        "sha256": shown.now["sha256"], "boxes": 1,
    }  # fmt: skip
    with Image.open(shown.path(shown.now)) as image:
        black = {(x, y) for x in range(100) for y in range(80) if not any(image.getpixel((x, y)))}  # type: ignore[arg-type]
        assert "Comment" not in image.info
    assert black == {(x, y) for x in range(10, 40) for y in range(20, 60)}


def test_nothing_of_the_old_picture_is_left_and_all_still_verifies(
    shown: Shown, tmp_path: Path
) -> None:
    exports = Home(shown.hotwash.home).exports_dir(IncidentId(shown.incident))
    exports.mkdir(parents=True)
    shown.hotwash.json(
        "export", shown.incident, "--format", "pack", "--out", exports / "before.zip"
    )

    shown.redact(BOX, "0,0,5,5")

    for path in shown.hotwash.home.rglob("*"):
        assert shown.old["sha256"] not in path.name
        if path.is_file():
            assert shown.old["sha256"].encode() not in path.read_bytes(), path
    assert list(exports.iterdir()) == []
    assert shown.hotwash.json("verify", shown.incident)["ok"]
    edits = shown.hotwash.json("show", shown.incident)["edits"]
    assert edits[-1]["label"] == "redact a picture: a token is to be seen"

    out = tmp_path / "after.zip"
    shown.hotwash.json("export", shown.incident, "--format", "pack", "--out", out)
    with zipfile.ZipFile(out) as pack:
        packed = pack.read(f"evidence/{shown.now['file']}")
    with Image.open(io.BytesIO(packed)) as image:
        assert image.getpixel((15, 25)) == (0, 0, 0)


def test_what_was_cut_off_is_completed_by_the_next_call(shown: Shown) -> None:
    home, incident = Home(shown.hotwash.home), IncidentId(shown.incident)
    plan = plan_redaction(incident, (), (), ())
    search = FileSearch(home, plan, None, None)  # type: ignore[arg-type]  neither is asked
    begin(home, incident)
    path = shown.path(shown.old)
    put_in_place(search, path, painted_over(path, []), at="2026-03-12T15:00:00Z", by="Priya")
    assert shown.hotwash.run("verify", shown.incident).returncode == 1

    shown.redact(BOX)

    assert shown.hotwash.json("verify", shown.incident)["ok"]
    with Image.open(shown.path(shown.now)) as image:
        assert image.getpixel((15, 25)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--box", "90,0,20,5"), 1, "not inside the picture, which has 100 by 80"),
        (("--box", "1,2,3"), 2, "no X,Y,WIDTH,HEIGHT"),
        ((), 2, "stand together"),
    ],
)
def test_a_box_that_is_none_changes_nothing(
    shown: Shown, words: tuple[str, ...], code: int, told: str
) -> None:
    command = ("redact", shown.incident, "--picture", shown.old["id"], *words)
    assert told in shown.hotwash.refusal(*command, "--reason", "x", "--yes", code=code)
    assert shown.now == shown.old
