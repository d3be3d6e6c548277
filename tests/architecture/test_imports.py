import subprocess
import sys
from pathlib import Path

import pytest

MODELS = {"torch", "faster_whisper", "ctranslate2", "onnxruntime", "pyannote", "transformers"}
QT = {"PySide6", "shiboken6"}
STORE = {"sqlmodel", "sqlalchemy", "alembic"}
SOUND = {"sounddevice", "_sounddevice"}


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint('\\nLOADED', *sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    loaded = done.stdout.rpartition("LOADED")[2].split()
    assert "encodings" in loaded, "the list of modules was not read"
    return {name.partition(".")[0] for name in loaded}


def test_the_import_contracts_hold(root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([linter], cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_starting_the_program_loads_no_engine_and_no_window() -> None:
    loaded = modules_after("import app.__main__")

    assert loaded.isdisjoint(MODELS | QT | SOUND | STORE)


def test_the_command_line_loads_no_model_library_no_qt_and_no_portaudio() -> None:
    code = """
import app.__main__
sys.argv = ["hotwash", "--help"]
try:
    app.__main__.main()
except SystemExit as end:
    assert not end.code, end.code
import app.cli
"""
    loaded = modules_after(code)

    assert loaded.isdisjoint(MODELS | QT | SOUND)


def test_the_recorder_knows_no_models_no_database_and_no_qt() -> None:
    loaded = modules_after("import capture.recorder_process")

    assert "capture" in loaded
    assert loaded.isdisjoint(MODELS | QT | STORE)


@pytest.mark.parametrize("package", ["app", "capture", "transcription", "drafting", "ui"])
def test_importing_all_modules_of_a_package_loads_no_engine(package: str) -> None:
    loaded = modules_after(
        f"import importlib, pkgutil, {package}\n"
        f"for found in pkgutil.walk_packages({package}.__path__, '{package}.'):\n"
        "    if not found.name.endswith('migrations.env') and '.versions' not in found.name:\n"
        "        importlib.import_module(found.name)"
    )

    assert loaded.isdisjoint(MODELS | SOUND)
