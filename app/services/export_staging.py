"""Makes documents beside their place, and puts them there whole.

Whoever is killed, cancelled or out of disk leaves what was there before. What a kill leaves of a
draft goes with the next export into the same folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio_files.durable import sync_folder
from app.audio_files.folder_lock import FolderInUseError, FolderLock
from app.domain.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

STAGING = ".hotwash-export-"
DRAFT, REPLACED = "draft", "replaced"


@contextlib.contextmanager
def staged(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a path of the same name in a folder of its own; what is made there takes its place.

    A document may put more beside itself: that is placed first, since the document refers to it.

    Raises:
        ExportError: It cannot be written there, or something has that name already.
    """
    try:
        _clear_stale(path.parent)
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=path.parent))
        with contextlib.ExitStack() as held:
            held.callback(shutil.rmtree, staging, ignore_errors=True)
            held.callback(FolderLock(staging).release)
            (staging / DRAFT).mkdir()
            yield staging / DRAFT / path.name
            _publish(staging, path, overwrite=overwrite)
    except OSError as cause:
        raise cannot_be_written(path, cause) from cause


def refuse_to_overwrite(path: Path, *, overwrite: bool) -> None:
    """Refuse a path that is taken.

    Raises:
        ExportError: The file exists, and ``overwrite`` is not set.
    """
    if path.exists() and not overwrite:
        raise _taken(path)


def cannot_be_written(path: Path, cause: OSError) -> ExportError:
    """Return the refusal of the disk in words."""
    return ExportError(
        f"{path} cannot be written: {cause.strerror or cause}.",
        remedy="Choose another folder, or free some disk space.",
    )


def _publish(staging: Path, path: Path, *, overwrite: bool) -> None:
    """Put everything in its place, the document last."""
    made = sorted((staging / DRAFT).iterdir(), key=lambda one: (one.name == path.name, one.name))
    for one in made:
        refuse_to_overwrite(path.with_name(one.name), overwrite=overwrite)
        _sync(one)
    for one in made:
        _place(one, path.with_name(one.name), staging / REPLACED, overwrite=overwrite)
    sync_folder(path.parent)


def _place(made: Path, target: Path, replaced: Path, *, overwrite: bool) -> None:
    if made.is_dir():
        if target.exists():  # no system replaces a folder that holds something
            replaced.mkdir(exist_ok=True)
            target.replace(replaced / target.name)
        made.replace(target)
    elif overwrite:
        made.replace(target)
    else:
        _place_new(made, target)


def _place_new(made: Path, target: Path) -> None:
    try:
        target.hardlink_to(made)  # refuses a name that exists; a rename would replace it
    except FileExistsError as cause:
        raise _taken(target) from cause
    except OSError:  # a file system without hard links
        made.replace(target)


def _taken(path: Path) -> ExportError:
    return ExportError(
        f"{path} exists already.",
        remedy="Choose another name; an export replaces it with --force.",
    )


def _sync(made: Path) -> None:
    """Have a file, or a folder with all that is in it, on the disk, for nobody else to read."""
    for path in (made, *made.rglob("*")):
        if path.is_dir():
            path.chmod(0o700)
            sync_folder(path)
        else:
            path.chmod(0o600)
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _clear_stale(folder: Path) -> None:
    """Remove what killed exports left; those under way hold their locks."""
    for left in folder.glob(f"{STAGING}*"):
        with contextlib.suppress(FolderInUseError, OSError):  # another's, or not ours to remove
            FolderLock(left).release()
            shutil.rmtree(left)
