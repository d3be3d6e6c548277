import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_the_wheel_holds_what_the_demo_needs(wheel: zipfile.ZipFile, root: Path) -> None:
    names = set(wheel.namelist())
    folders = [root / "resources" / folder for folder in ("demo", "models", "fonts")]
    shipped = {
        f"app/_resources/{path.relative_to(root / 'resources').as_posix()}"
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }

    assert {"app/_resources/demo/room.flac", "app/_resources/demo/bridge.flac"} <= shipped
    assert "app/_resources/models/demo-en/model.bin" in shipped
    assert any(name.endswith(".ttf") for name in shipped)
    assert shipped <= names


def test_the_wheel_holds_every_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "app",
        "capture",
        "transcription",
        "drafting",
        "ui",
    }
    assert not [name for name in wheel.namelist() if "script.json" in name or "/tests/" in name]
    assert not [name for name in wheel.namelist() if name.endswith((".pyc", ".py~", ".part"))]


def test_the_wheel_has_the_command_and_the_licences(wheel: zipfile.ZipFile, root: Path) -> None:
    def read(inside: str) -> str:
        (name,) = (name for name in wheel.namelist() if name.endswith(f".dist-info/{inside}"))
        return wheel.read(name).decode("utf-8")

    assert "hotwash = app.__main__:main" in read("entry_points.txt")
    metadata = message_from_string(read("METADATA"))
    assert metadata["License-Expression"] == "Apache-2.0"
    assert read("licenses/LICENSE") == (root / "LICENSE").read_text(encoding="utf-8")
    fonts = sorted((root / "resources" / "fonts").glob("*.txt"))
    assert fonts
    for licence in fonts:
        assert read(f"licenses/resources/fonts/{licence.name}")


def test_the_program_in_the_wheel_starts(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import app.__main__ as m; "
    )
    code += "print(m.__file__); sys.argv = ['hotwash', '--help']; m.main()"

    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout

    assert str(tmp_path) in told
    assert "demo" in told
