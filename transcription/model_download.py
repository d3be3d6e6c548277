"""Fetches models from the hub, in a process of its own, so that it can be broken off at any time.

``huggingface_hub.snapshot_download`` begins a broken-off file anew (2.4); models are gigabytes, so
files are fetched one by one, to ``*.part``, and a later attempt goes on where this one stopped.
"""

from __future__ import annotations

import fnmatch
import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import AppError, ModelDownloadError
from transcription.child_process import ChildProcess
from transcription.messages import Failed
from transcription.model_card import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

WANTED = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")
CHUNK_BYTES = 1_000_000
SPARE_BYTES = 200_000_000  # a full disk would stop a recording
ELSEWHERE = (
    "Check the network, or copy the model's folder from another machine: "
    "hotwash models add FOLDER."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to fetch, and where to; ``endpoint`` None is the public hub."""

    repository: str
    folder: Path
    endpoint: str | None
    timeout_s: int


def download(wish: Wish, on_progress: Callable[[int, int], None]) -> None:
    """Fetch a model's files into ``wish.folder``; return when all are there and right.

    ``on_progress`` gets bytes done and bytes in all, on the caller's thread; if it raises, the
    download is broken off. What has come so far stays and is not fetched again.

    Raises:
        ModelDownloadError: The hub does not answer, has no such model, or the disk is full.
    """
    child = ChildProcess(
        _serve,
        (wish,),
        name="model-download",
        environment={
            "HF_HUB_OFFLINE": "0",  # whether to go online is this program's own setting
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_XET": "1",  # its files cannot be resumed
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_VERBOSITY": "critical",
            "HF_HUB_DOWNLOAD_TIMEOUT": str(wish.timeout_s),
        },
    )
    try:
        while (message := child.receive()) is not None:
            if isinstance(message, Failed):
                raise message.error()
            on_progress(*message)
    except EOFError as cause:
        raise ModelDownloadError(
            f"Downloading {wish.repository} ended unexpectedly.", remedy="Try again: it resumes."
        ) from cause
    finally:
        child.stop(timeout_s=0.0)
        child.close()


def _serve(pipe: Connection, wish: Wish) -> None:
    """Fetch, in the child; send progress as (done, total), at last None or what failed."""
    try:
        _fetch(wish, lambda done, total: pipe.send((done, total)))
    except AppError as error:
        pipe.send(Failed.of(error))
    except Exception as cause:  # noqa: BLE001  the hub's client raises its HTTP library's errors
        pipe.send(Failed.of(_explained(wish, cause)))
    else:
        pipe.send(None)


def _fetch(wish: Wish, on_progress: Callable[[int, int], None]) -> None:
    from huggingface_hub import HfApi, hf_hub_url  # noqa: PLC0415  for the child alone

    info = HfApi(endpoint=wish.endpoint).model_info(
        wish.repository, files_metadata=True, timeout=wish.timeout_s
    )
    files = [file for file in info.siblings or [] if _is_wanted(file.rfilename)]
    if not any(file.rfilename == "model.bin" for file in files):
        raise ModelDownloadError(
            f"{wish.repository} is no faster-whisper model: it has no model.bin.",
            remedy="Choose a model in CTranslate2 format.",
        )
    progress = _Progress(sum(file.size or 0 for file in files), on_progress)
    wish.folder.mkdir(parents=True, exist_ok=True)
    _require_space(wish, progress.total)
    for file in files:
        url = hf_hub_url(
            wish.repository, file.rfilename, revision=info.sha, endpoint=wish.endpoint
        )
        _fetch_file(url, file, wish.folder / file.rfilename, progress)


def _fetch_file(url: str, file: Any, target: Path, progress: _Progress) -> None:
    from huggingface_hub import constants  # noqa: PLC0415  for the child alone
    from huggingface_hub.file_download import http_get  # noqa: PLC0415  as above
    from huggingface_hub.utils import (  # type: ignore[attr-defined]  # noqa: PLC0415  as above
        build_hf_headers,
    )

    # WORKAROUND huggingface_hub 2.4: it keeps 10 MB in memory, which a broken line loses.
    constants.DOWNLOAD_CHUNK_SIZE = CHUNK_BYTES
    if target.is_file() and _is_right(target, file):
        progress.add(target.stat().st_size)
        return
    part = target.with_name(f"{target.name}.part")
    part.touch()
    with part.open("r+b") as opened:
        there = opened.seek(0, 2)
        progress.add(there)
        http_get(
            url,
            _Counted(opened, progress),  # type: ignore[arg-type]  # as much of a file as it needs
            resume_size=there,
            headers=build_hf_headers(),
            expected_size=file.size,
        )
    if not _is_right(part, file):
        part.unlink()
        raise ModelDownloadError(
            f"{target.name} was damaged on its way.", remedy="Download the model again."
        )
    part.replace(target)


class _Progress:
    """Adds up what is there and tells it."""

    def __init__(self, total: int, on_progress: Callable[[int, int], None]) -> None:
        self.total = total
        self._done = 0
        self._on_progress = on_progress

    def add(self, count: int) -> None:
        """Count bytes, fewer than none if some were thrown away."""
        self._done += count
        self._on_progress(self._done, self.total)


class _Counted:
    """A file that counts what is written to it."""

    def __init__(self, file: Any, progress: _Progress) -> None:
        self._file = file
        self._progress = progress

    def write(self, data: bytes) -> int:
        """Write and count."""
        self._progress.add(len(data))
        return int(self._file.write(data))

    def truncate(self) -> None:
        """Cut off here; the library does so when a server sends the whole file again."""
        end = self._file.seek(0, 1)
        self._progress.add(end - self._file.seek(0, 2))
        self._file.seek(end)
        self._file.truncate()

    def seek(self, position: int) -> int:
        """Go to a position."""
        return int(self._file.seek(position))

    def tell(self) -> int:
        """Return the position."""
        return int(self._file.tell())


def _is_wanted(name: str) -> bool:
    # A name from the network must not lead out of the folder.
    return "/" not in name and any(fnmatch.fnmatchcase(name, pattern) for pattern in WANTED)


def _is_right(path: Path, file: Any) -> bool:
    """Whether a file's content is what the hub says: by SHA-256, or as git names small files."""
    if file.size is not None and path.stat().st_size != file.size:
        return False
    if file.lfs is not None:
        return bool(sha256_of(path) == file.lfs.sha256)
    content = path.read_bytes()
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
    return file.blob_id in {None, blob.hexdigest()}


def _require_space(wish: Wish, total: int) -> None:
    there = sum(path.stat().st_size for path in wish.folder.iterdir())
    needed = total - there + SPARE_BYTES
    free = shutil.disk_usage(wish.folder).free
    if free < needed:
        raise ModelDownloadError(
            f"{wish.repository} needs {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free.",
            remedy="Free some disk space, or choose a smaller model.",
        )


def _explained(wish: Wish, cause: Exception) -> ModelDownloadError:
    from huggingface_hub.errors import (  # noqa: PLC0415  for the child alone
        GatedRepoError,
        RepositoryNotFoundError,
    )

    hub = wish.endpoint or "The model hub"
    if isinstance(cause, GatedRepoError):
        return ModelDownloadError(
            f"{wish.repository} is only given to people who accepted its terms.",
            remedy="Accept them on its page, then set HF_TOKEN to your access token.",
        )
    if isinstance(cause, RepositoryNotFoundError):
        return ModelDownloadError(
            f"{hub} has no model “{wish.repository}”.",
            remedy="Check the name; “hotwash models list” shows those that are known.",
        )
    if isinstance(cause, OSError) and cause.errno is not None and cause.filename is not None:
        return ModelDownloadError(
            f"The model cannot be stored in {wish.folder}: {cause.strerror}.",
            remedy="Free some disk space or make the folder writable.",
        )
    reason = str(cause).strip().partition("\n")[0] or type(cause).__name__
    return ModelDownloadError(
        f"{hub} did not deliver {wish.repository}: {reason}", remedy=ELSEWHERE
    )
