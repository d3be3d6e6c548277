from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import ModelDamagedError, ModelError, ModelMissingError
from transcription.machine import GIB, Machine
from transcription.model_files import ModelFolder
from transcription.model_names import PARAMETERS, REPOSITORIES

if TYPE_CHECKING:
    from app.domain.engine_types import RecognitionModel

RESOURCES = Path(__file__).parents[3] / "resources"
SHIPPED = RESOURCES / "models"
CAME_ALONG = ["demo-en", "demo-voices"]
SPEECH = RESOURCES / "demo" / "room.flac"
OFFICE = Machine("a processor", cores=6, memory=16 * GIB)


@pytest.fixture
def models(tmp_path: Path) -> ModelFolder:
    return ModelFolder(tmp_path / "models", SHIPPED, machine=OFFICE, speech=SPEECH)


@pytest.fixture
def plain_folder(tmp_path: Path, demo_model: RecognitionModel) -> Path:
    """A model as the hub gives it: without a card."""
    folder = tmp_path / "plain"
    folder.mkdir()
    for file in demo_model.path.iterdir():
        if file.name not in {"hotwash-model.json", "CARD.md"}:
            (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_listing_models_loads_no_engine() -> None:
    code = "import sys, transcription.model_files, transcription.recognizer_process; "
    code += "import transcription.diarizer_process; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=RESOURCES.parent,
    ).stdout.split()

    heavy = {
        "torch",
        "faster_whisper",
        "pyannote",
        "ctranslate2",
        "onnxruntime",
        "huggingface_hub",
    }
    assert (heavy | {"huggingface_hub"}).isdisjoint(loaded)


def test_the_names_are_those_of_faster_whisper() -> None:
    from faster_whisper import utils

    assert utils._MODELS == REPOSITORIES
    assert set(PARAMETERS) == set(REPOSITORIES), "each has its place and its size"


def test_the_demonstration_model_is_used_when_it_is_alone_and_says_so(
    models: ModelFolder,
) -> None:
    model = models.recognition_model()

    assert model.demo
    assert (model.name, model.language, model.max_utterance_ms) == ("demo-en", "en", 12_000)


def test_a_model_of_ones_own_is_preferred(models: ModelFolder, plain_folder: Path) -> None:
    row = models.add(plain_folder, "ours")

    model = models.recognition_model()

    assert (row.name, row.demo, row.default) == ("ours", False, True)
    assert (model.name, model.demo, model.language) == ("ours", False, None)
    assert models.recognition_model("demo-en").demo
    assert [row.default for row in models.installed()] == [True, False, False]


def test_the_list_names_what_can_be_downloaded(models: ModelFolder) -> None:
    rows = {row.name: row for row in models.listed()}

    assert rows["demo-en"].installed
    assert not rows["small"].installed
    assert rows["small"].path is None
    assert set(REPOSITORIES) < set(rows)


def test_a_missing_model_says_how_to_install_it(models: ModelFolder) -> None:
    with pytest.raises(ModelMissingError, match="“small” is not installed") as told:
        models.recognition_model("small")
    assert "hotwash models download small" in told.value.remedy


def test_without_any_model_the_remedy_names_one(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="No recognition model is installed") as told:
        ModelFolder(tmp_path / "a", tmp_path / "b", machine=OFFICE).recognition_model()
    assert "models download small" in told.value.remedy


def test_a_language_that_no_model_knows_is_told(models: ModelFolder) -> None:
    with pytest.raises(ModelMissingError, match="that knows “de”"):
        models.recognition_model(language="de")
    with pytest.raises(ModelMissingError, match="knows en, not “de”"):
        models.recognition_model("demo-en", language="de")


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("model.bin", b"", "model.bin has 0 bytes instead of 5302673"),
        ("model.bin", None, "model.bin missing"),
        ("config.json", b"x" * 200, "the content of config.json has changed"),
        ("hotwash-model.json", b"{", "hotwash-model.json cannot be read"),
    ],
)
def test_a_damaged_model_is_told_with_its_remedy(
    tmp_path: Path, plain_folder: Path, file: str, content: bytes | None, problem: str
) -> None:
    models = ModelFolder(tmp_path / "models", tmp_path / "none")
    models.add(plain_folder, "ours")
    path = tmp_path / "models" / "ours" / file
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)

    for name in ("ours", ""):
        with pytest.raises(ModelDamagedError, match=problem) as told:
            models.recognition_model(name)
        assert "install it again" in told.value.remedy
    (row,) = models.installed()
    assert not row.usable


def test_a_damaged_model_does_not_hide_a_whole_one(
    models: ModelFolder, plain_folder: Path, tmp_path: Path
) -> None:
    models.add(plain_folder, "ours")
    (tmp_path / "models" / "ours" / "model.bin").write_bytes(b"")

    assert models.recognition_model().name == "demo-en"


def test_checking_compares_every_byte(models: ModelFolder, plain_folder: Path) -> None:
    row = models.add(plain_folder, "ours")
    assert {row.name: row.checksum_ok for row in models.check()} == dict.fromkeys(
        ["ours", *CAME_ALONG], True
    )
    assert row.path is not None
    changed = bytearray((row.path / "model.bin").read_bytes())
    changed[1_000_000] ^= 1
    (row.path / "model.bin").write_bytes(changed)

    (checked,) = models.check("ours")

    assert (checked.checksum_ok, checked.usable) == (False, False)


def test_a_model_that_is_damaged_while_it_is_copied_is_not_installed(
    models: ModelFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree = shutil.copytree

    def copied_badly(source: Path, target: Path) -> None:
        copytree(source, target)
        damaged = bytearray((target / "model.bin").read_bytes())
        damaged[1_000_000] ^= 1
        (target / "model.bin").write_bytes(damaged)

    monkeypatch.setattr(shutil, "copytree", copied_badly)
    with pytest.raises(ModelDamagedError, match=r"the content of model\.bin has changed"):
        models.add(SHIPPED / "demo-en", "ours")
    assert [row.name for row in models.installed()] == CAME_ALONG
    assert not list((tmp_path / "models").glob(".incoming-*"))


def test_a_folder_without_a_model_is_refused(models: ModelFolder, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelDamagedError, match=r"config\.json, model\.bin, to"):
        models.add(tmp_path / "empty")
    with pytest.raises(ModelMissingError, match="is no folder"):
        models.add(tmp_path / "nowhere")
    assert [row.name for row in models.installed()] == CAME_ALONG


def test_a_model_named_to_lead_elsewhere_is_refused(
    models: ModelFolder, plain_folder: Path, tmp_path: Path
) -> None:
    card = {"name": "../../stolen", "languages": ["en"], "files": {}}
    (plain_folder / "hotwash-model.json").write_text(json.dumps(card))

    with pytest.raises(ModelError, match="is no name for a model"):
        models.add(plain_folder)
    assert not (tmp_path.parent / "stolen").exists()


def test_a_model_does_not_take_the_name_of_one_that_came_with_the_program(
    models: ModelFolder, plain_folder: Path
) -> None:
    with pytest.raises(ModelError, match="came with the program") as refused:
        models.add(plain_folder, "demo-en")

    assert "--name" in refused.value.remedy
    assert [row.name for row in models.installed()] == CAME_ALONG


def test_a_removed_model_is_gone_and_the_shipped_one_stays(
    models: ModelFolder, plain_folder: Path, tmp_path: Path
) -> None:
    models.add(plain_folder, "ours")

    models.remove("ours")

    assert [row.name for row in models.installed()] == CAME_ALONG
    assert [path for path in (tmp_path / "models").iterdir() if path.is_dir()] == []
    with pytest.raises(ModelError, match="part of the program"):
        models.remove("demo-en")


def test_what_a_kill_left_of_a_model_is_listed_or_deleted(
    models: ModelFolder, plain_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "models"
    for name in (".incoming-ours", ".incoming-org--model", ".leaving-old"):
        shutil.copytree(plain_folder, folder / name)
    (folder / ".incoming-org--nothing").mkdir()

    begun = {row.name: row.begun_bytes for row in models.listed() if row.name not in REPOSITORIES}
    size = sum(path.stat().st_size for path in plain_folder.iterdir())
    assert begun == {**dict.fromkeys(CAME_ALONG, 0), "org/model": size, "ours": size}

    models.remove("org/model")
    models.add(plain_folder, "ours")
    names = {row.name for row in models.listed()}
    assert names == {*CAME_ALONG, "ours", *REPOSITORIES}
    assert not list(folder.glob(".leaving-*"))


def test_an_english_only_model_without_a_card_is_known_by_its_tokens(
    models: ModelFolder, plain_folder: Path
) -> None:
    tokenizer = plain_folder / "tokenizer.json"
    tokens = json.loads(tokenizer.read_text())
    (begin,) = (t for t in tokens["added_tokens"] if t["content"] == "<|startoftranscript|>")
    begin["id"] = 50_257
    tokenizer.write_text(json.dumps(tokens))

    assert models.add(plain_folder, "ours").languages == ("en",)
    with pytest.raises(ModelMissingError, match="knows en, not “de”"):
        models.recognition_model("ours", language="de")


def test_a_pipeline_that_tells_voices_apart_is_found_and_recognises_no_words(
    models: ModelFolder, tmp_path: Path
) -> None:
    assert models.pipeline() == ""
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "config.yaml").write_text("pipeline: {}\n")
    row = models.add(tmp_path / "voices")

    assert (row.kind, row.usable, row.measured) == ("diarization", True, None)
    assert models.pipeline() == str(row.path)
    with pytest.raises(ModelMissingError, match="recognises no words"):
        models.recognition_model("voices")


def test_the_demonstrations_pipeline_is_used_only_where_it_is_named(
    models: ModelFolder, tmp_path: Path
) -> None:
    shipped = SHIPPED / "demo-voices"
    assert models.pipeline() == ""
    assert models.pipeline("demo-voices") == str(shipped)

    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "config.yaml").write_text("pipeline: {}\n")
    own = models.add(tmp_path / "voices")

    assert models.pipeline() == models.pipeline("voices") == str(own.path)
    assert models.pipeline("org/pipeline") == "org/pipeline", "hub names stay what they are"
