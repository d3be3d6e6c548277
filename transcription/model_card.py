"""What is known of a model's folder: its card ``hotwash-model.json``, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from app.domain.errors import ModelDamagedError
from transcription.model_names import ANY_LANGUAGE, ENGLISH

if TYPE_CHECKING:
    from pathlib import Path

CARD_FILE = "hotwash-model.json"
MODEL_FILE = "model.bin"
RECOGNITION = "recognition"
DIARIZATION = "diarization"
REINSTALL = "Remove the model and install it again, or choose another one."
REINSTALL_SHIPPED = (
    "It came with Hotwash: install Hotwash again (in a checkout, “git checkout resources”), or "
    "install another model, for example “hotwash models download small”."
)
BEGINNING = "<|startoftranscript|>"
BEGINS_ENGLISH = 50_257  # where OpenAI's English-only vocabulary has it; the other: one later
SMALL_BYTES = 50_000_000  # hashed at each use: 30 ms; a larger one on request only


@dataclass(frozen=True, slots=True)
class FileMark:
    """What a file has to be like; ``sha256`` in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model's folder says of itself.

    Attributes:
        languages: Codes such as ``en``, or ``multilingual``.
        licence: Its name, None if unknown.
        max_utterance_ms: The longest stretch of speech the model is good at.
        window_ms: How much audio it was trained to be shown at once, silence included.
        joins_utterances: Whether it hears several utterances in one window without losing any.
        demo: For the demonstration only: useless on real voices.
        takes_hotwords: It was trained with a text before what is said, and so can be told words
            to expect; one that was not is led astray by them.
        files: Marks by file name, without those nobody needs.
    """

    name: str
    kind: str = RECOGNITION
    languages: tuple[str, ...] = ANY_LANGUAGE
    licence: str | None = None
    max_utterance_ms: int = 20_000
    window_ms: int = 30_000
    joins_utterances: bool = True
    demo: bool = False
    takes_hotwords: bool = True
    files: dict[str, FileMark] = field(default_factory=dict)


def speaks(card: ModelCard, language: str) -> bool:
    """Whether a model can be told to expect a language."""
    return language in card.languages or "multilingual" in card.languages


def read_card(folder: Path) -> ModelCard:
    """Return the folder's card; one that knows nothing if it has none.

    Raises:
        ModelDamagedError: It is there and cannot be read.
    """
    path = folder / CARD_FILE
    if not path.is_file():
        return ModelCard(folder.name, kind_of(folder), _languages_in(folder))
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        files = {name: FileMark(**mark) for name, mark in fields.pop("files").items()}
        return ModelCard(**{**fields, "languages": tuple(fields["languages"]), "files": files})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as cause:
        raise ModelDamagedError(
            f"The model “{folder.name}” is damaged: {CARD_FILE} cannot be read.", remedy=REINSTALL
        ) from cause


def write_card(folder: Path, card: ModelCard) -> None:
    """Write the folder's card."""
    text = json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n"
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


def marks_of(folder: Path) -> dict[str, FileMark]:
    """Hash a folder's files."""
    return {
        name: FileMark(size, sha256_of(folder / name))
        for name, size in sizes_of(folder).items()
        if name != CARD_FILE
    }


def content_of(folder: Path, card: ModelCard) -> str:
    """Return what stands for a recognition model's content: its hash, else its length."""
    mark = card.files.get(MODEL_FILE)
    return f"{(folder / MODEL_FILE).stat().st_size} bytes" if mark is None else mark.sha256


def sizes_of(folder: Path) -> dict[str, int]:
    """Return the size of each file, by its path inside the folder."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def sha256_of(path: Path) -> str:
    """Return a file's hash, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kind_of(folder: Path) -> str:
    """Return what a folder seems to hold: a pyannote pipeline says so in ``config.yaml``."""
    return DIARIZATION if (folder / "config.yaml").is_file() else RECOGNITION


def _languages_in(folder: Path) -> tuple[str, ...]:
    """Return what a model without a card speaks: the numbers of its tokens tell."""
    try:
        tokens = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        begins = [t["id"] for t in tokens["added_tokens"] if t["content"] == BEGINNING]
    except (OSError, ValueError, TypeError, KeyError):
        return ANY_LANGUAGE  # ``require_whole`` and loading tell what is wrong with the file
    return ENGLISH if begins == [BEGINS_ENGLISH] else ANY_LANGUAGE


def require_whole(folder: Path, card: ModelCard, *, hashes: bool) -> None:
    """Compare a folder with its card: sizes always, content with ``hashes`` or if it is small.

    Raises:
        ModelDamagedError: A file is missing or is not as it was; the sentence names it.
    """
    problem = _missing(folder, card) or _changed(folder, card, hashes=hashes)
    if problem:
        raise ModelDamagedError(
            f"The model “{card.name}” is damaged: {problem}.",
            remedy=REINSTALL_SHIPPED if card.demo else REINSTALL,
        )


def _missing(folder: Path, card: ModelCard) -> str:
    wanted = set(card.files)
    if card.kind == RECOGNITION:
        # Without tokenizer.json the library would ask the network for one.
        wanted |= {MODEL_FILE, "config.json", "tokenizer.json"}
    absent = sorted(name for name in wanted if not (folder / name).is_file())
    if absent:
        return f"{', '.join(absent)} missing"
    if card.kind == RECOGNITION and not list(folder.glob("vocabulary.*")):
        return "vocabulary.json or vocabulary.txt missing"
    return ""


def _changed(folder: Path, card: ModelCard, *, hashes: bool) -> str:
    sizes = {name: (folder / name).stat().st_size for name in card.files}
    for name, mark in card.files.items():
        if sizes[name] != mark.size:
            return f"{name} has {sizes[name]} bytes instead of {mark.size}"
    if hashes or sum(sizes.values()) < SMALL_BYTES:
        for name, mark in card.files.items():
            if sha256_of(folder / name) != mark.sha256:
                return f"the content of {name} has changed"
    return ""
