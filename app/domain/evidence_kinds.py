"""What a piece of evidence is, where its address or its name leave no doubt."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from app.domain.evidence import EvidenceKind

# Of these hosts (or their subdomains) and paths it is sure; the first that fits.
PLACES: tuple[tuple[str, str, EvidenceKind], ...] = (
    (
        r"(github|gitlab)\.com",
        r".*/(pull|commit|merge_requests|compare)/.*",
        EvidenceKind.PR_COMMIT,
    ),
    (r"bitbucket\.org", r".*/(pull-requests|commits)/.*", EvidenceKind.PR_COMMIT),
    (r"(github|gitlab)\.com", r".*/issues/\d+.*", EvidenceKind.TICKET),
    (r"atlassian\.net", r"/browse/.*", EvidenceKind.TICKET),
    (r"linear\.app", r".*/issue/.*", EvidenceKind.TICKET),
    (r"zendesk\.com", r"/agent/tickets/.*", EvidenceKind.TICKET),
    (r"datadoghq\.(com|eu)", r"/(dashboard|dash|notebook)/.*", EvidenceKind.DASHBOARD),
    (r"datadoghq\.(com|eu)", r"/logs.*", EvidenceKind.LOG_QUERY),
    (r"grafana\.net", r"/(d|d-solo|dashboard)/.*", EvidenceKind.DASHBOARD),
    (r"grafana\..+", r"/(d|d-solo|dashboard)/.*", EvidenceKind.DASHBOARD),
    (r"kibana\..+", r"/app/(discover|kibana).*", EvidenceKind.LOG_QUERY),
    (r"slack\.com", r"/archives/.*", EvidenceKind.CHAT),
    (r"discord\.com", r"/channels/.*", EvidenceKind.CHAT),
    (r"teams\.microsoft\.com", r"/l/message/.*", EvidenceKind.CHAT),
    (r"pagerduty\.com", r"/(incidents|alerts)/.*", EvidenceKind.ALERT),
    (r"opsgenie\.com", r"/alert/.*", EvidenceKind.ALERT),
    (r"statuspage\.io", r".*", EvidenceKind.STATUS_PAGE),
    (r"(status|githubstatus)\..+", r".*", EvidenceKind.STATUS_PAGE),
)
# The second kind is refused as an address, rather than sought as a file of that name.
LINK = re.compile(r"[a-z][a-z0-9+.-]*://|(blob|data|javascript|mailto|vbscript):", re.IGNORECASE)
BY_SUFFIX = dict.fromkeys(
    (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"), EvidenceKind.SCREENSHOT
) | dict.fromkeys((".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus"), EvidenceKind.AUDIO)


def is_link(typed: str) -> bool:
    """Whether it is meant as an address, not as the name of a file."""
    return LINK.match(typed) is not None


def checked_link(typed: str) -> str:
    """Return the address, if it is one that may stand in a record.

    Raises:
        ValueError: It is not of the web, or carries a password.
    """
    try:
        parts = urlsplit(typed.strip())
        host, secret = parts.hostname, parts.password
    except ValueError as cause:
        raise ValueError(f"“{typed}” is no address") from cause
    if (
        parts.scheme.lower() not in {"http", "https"}
        or not host
        or re.search(r"\s", typed.strip())
    ):
        raise ValueError(f"“{typed}” is no address that begins with https://")
    if secret is not None:
        raise ValueError("the address holds a password, which is not to stand in a record")
    return typed.strip()


def kind_of_link(url: str) -> EvidenceKind | None:
    """Return what a link leads to, None where that is not sure."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), parts.path
    for place, where, kind in PLACES:
        if re.fullmatch(rf"(.+\.)?{place}", host) and re.fullmatch(where, path):
            return kind
    return None


def kind_of_file(name: str) -> EvidenceKind | None:
    """Return what a file is by the ending of its name, None where that is not sure."""
    return BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
