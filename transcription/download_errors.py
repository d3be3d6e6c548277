"""Says in a sentence why a model did not come, and what can be done. For the download's child."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from app.domain.errors import ModelDownloadError
from transcription.proxies import proxy_for, shown

if TYPE_CHECKING:
    from pathlib import Path

# Told without a file's name where a write fails, as troubles of a connection are.
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ELSEWHERE = "copy the model's folder from another machine: hotwash models add FOLDER."


def explained(
    cause: Exception, *, repository: str, folder: Path, endpoint: str | None
) -> ModelDownloadError:
    """Return the error that tells what went wrong with the hub, the way there, or the disk."""
    from huggingface_hub import constants  # noqa: PLC0415  for the child alone
    from huggingface_hub.errors import (  # noqa: PLC0415  as above
        GatedRepoError,
        RepositoryNotFoundError,
    )

    hub = endpoint or "The model hub"
    if isinstance(cause, GatedRepoError):
        return ModelDownloadError(
            f"{repository} is only given to people who accepted its terms.",
            remedy="Accept them on its page, then set HF_TOKEN to your access token.",
        )
    if isinstance(cause, RepositoryNotFoundError):
        return ModelDownloadError(
            f"{hub} has no model “{repository}”.",
            remedy="Check the name; “hotwash models list” shows those that are known.",
        )
    if isinstance(cause, OSError) and (cause.filename is not None or cause.errno in DISK_FULL):
        return ModelDownloadError(
            f"The model cannot be stored in {folder}: {cause.strerror}.",
            remedy="Free some disk space or make the folder writable.",
        )
    reason = str(cause).strip().partition("\n")[0] or type(cause).__name__
    proxy = proxy_for(endpoint or constants.ENDPOINT)
    through, check = "", "the network"
    if proxy:
        through = f" through the proxy {shown(proxy)}"
        check = "the proxy (“proxy” in the settings, or HTTPS_PROXY and HTTP_PROXY)"
    return ModelDownloadError(
        f"{hub} did not deliver {repository}{through}: {reason}",
        remedy=f"Check {check}, then try again: it resumes; or {ELSEWHERE}",
    )
