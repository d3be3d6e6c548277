"""Fetches models from the hub, in a process of its own, so that it can be broken off at any time.

``huggingface_hub.snapshot_download`` begins a broken-off file anew (2.4); models are gigabytes, so
files are fetched one by one, to ``*.part``, and a later attempt goes on where this one stopped.
"""

from __future__ import annotations

import fnmatch
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import AppError, ModelDownloadError
from transcription.child_process import ChildProcess, end_with_the_parent
from transcription.download_errors import explained
from transcription.messages import Failed
from transcription.model_card import sha256_of
from transcription.model_shelf import require_space

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

WANTED = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")
CHUNK_BYTES = 250_000  # also how often progress is told


@dataclass(frozen=True, slots=True)
class Wish:
    """What to fetch, and where to.

    ``endpoint`` None is the public hub, ``proxy`` empty what the environment says, if anything.
    """

    repository: str
    folder: Path
    endpoint: str | None
    timeout_s: int
    proxy: str = ""


def download(wish: Wish, on_progress: Callable[[int, int], None]) -> None:
    """Fetch a model's files into ``wish.folder``; return when all are there and right.

    ``on_progress`` gets bytes done and bytes in all, on the caller's thread; if it raises, the
    download is broken off. What has come so far stays and is not fetched again.

    Raises:
        ModelDownloadError: The hub does not answer, or has no such model.
        ModelError: The disk is too full for it.
    """
    child = ChildProcess(
        _serve,
        (wish,),
        name="model-download",
        environment=_proxies(wish)
        | {
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


def _proxies(wish: Wish) -> dict[str, str]:
    # In small letters they go before those of the environment. Its NO_PROXY stays in force.
    return {"http_proxy": wish.proxy, "https_proxy": wish.proxy} if wish.proxy else {}


def _serve(pipe: Connection, wish: Wish) -> None:
    """Fetch, in the child; send progress as (done, total), at last None or what failed."""
    end_with_the_parent(pipe)  # else two might write to one file, once another tries again
    try:
        _fetch(wish, lambda done, total: pipe.send((done, total)))
    except AppError as error:
        pipe.send(Failed.of(error))
    except Exception as cause:  # noqa: BLE001  the hub's client raises its HTTP library's errors
        why = explained(
            cause, repository=wish.repository, folder=wish.folder, endpoint=wish.endpoint
        )
        pipe.send(Failed.of(why))
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
    _drop_others(wish.folder, {_part_name(file) for file in files})
    there = sum(path.stat().st_size for path in wish.folder.iterdir())
    require_space(wish.folder, progress.total - there, wish.repository)
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
    part = target.with_name(_part_name(file))
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


def _part_name(file: Any) -> str:
    """Return what a file is called while it comes.

    Its content's hash is in it: should the hub have another version by the time a download is
    resumed, its end is not put after the beginning of this one.
    """
    content = file.blob_id if file.lfs is None else file.lfs.sha256
    return f"{file.rfilename}.{(content or 'unknown')[:16]}.part"


def _drop_others(folder: Path, parts: set[str]) -> None:
    """Delete parts of files that are not wanted any more."""
    for path in folder.glob("*.part"):
        if path.name not in parts:
            path.unlink()


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
