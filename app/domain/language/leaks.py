"""What a text for people outside must not carry: machines, addresses, secrets, inner links."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from itertools import chain

from app.domain.language.findings import Family, LanguageFinding, found, without_overlaps

# Written to by everybody; a text for customers is to name them.
PUBLIC_MAILBOXES = frozenset(
    [
        "contact",
        "feedback",
        "hello",
        "help",
        "info",
        "legal",
        "press",
        "privacy",
        "sales",
        "security",
        "service",
        "status",
        "support",
        "trust",
    ]
)
INNER_DOMAINS = r"(?:internal|intranet|intra|local|localdomain|corp|lan|home|priv|private|svc)"
# Services in which a team keeps its own things, whatever the company is called.
INNER_TOOLS = (
    r"(?:grafana|kibana|jira|confluence|wiki|jenkins|argocd|prometheus|vault|gitlab|sentry"
    r"|slack\.com|atlassian\.net|pagerduty\.com|opsgenie\.com|datadoghq\.(?:com|eu)"
    r"|docs\.google\.com|sharepoint\.com|notion\.so|linear\.app|zoom\.us|teams\.microsoft\.com)"
)
MACHINES = (
    r"(?:db|web|app|api|node|host|srv|server|redis|kafka|pg|postgres|mysql|mongo|cache|lb|proxy"
    r"|haproxy|nginx|worker|k8s|kube|bastion|jump|vm|master|primary|replica|gateway|gw|queue|mq"
    r"|elastic|es|zk|dns|mail|smtp|build|runner)"
)

EMAIL = re.compile(r"(?<![\w.+-])(?P<box>[\w.+-]+)@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(
    r"\bhttps?://(?P<host>\[[0-9a-f:.]+\]|[^\s/:?#<>()]+)[^\s<>()\"”]*", re.IGNORECASE
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_\w{20,}|\bglpat-[\w-]{16,}|\bxox[abposr]-[\w-]{10,}|\bsk[-_][\w-]{16,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{5,}\.[\w-]*"
    r"|\bBearer\s+[\w.~+/-]{12,}"
    r"|\b(?:password|passwd|pwd|secret|token|api[ _-]?key|access[ _-]?key)\s*[:=]\s*\S{4,}"
    r"|\b[0-9a-f]{32,}\b",
    re.IGNORECASE,
)
IPV4 = re.compile(
    r"(?<![\w.-])(?<!version )(?<!release )\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)", re.IGNORECASE
)
IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
# A region of a cloud (eu-west-1) is where customers are told that they live: no machine.
HOST = re.compile(
    rf"(?<![\w.-])(?:[a-z][\w-]*\.)+{INNER_DOMAINS}\b(?:\.[\w-]+)*"
    rf"|(?<![\w-])ip-\d+-\d+-\d+-\d+\b"
    rf"|(?<![\w-])(?:[a-z]\w*-)*{MACHINES}(?:-[a-z]\w*)*-?\d{{2,4}}\b(?:\.[\w-]+)*"
    rf"|(?<![\w-])(?:[a-z]\w*-)*{MACHINES}(?:-[a-z]\w*)*-\d{{1,4}}\b(?:\.[\w-]+)*"
    r"|(?<![\w-])(?!(?:pre|non|post|in)-)[a-z]\w*(?:-[a-z]\w*)*-(?:prod|production|staging|stg)\b[\w.-]*\b"
    r"|(?<![\w-])[a-z]\w*(?:-\w+)*-[0-9a-f]{8,10}-[0-9a-z]{5}\b",
    re.IGNORECASE,
)
INNER_LINK = re.compile(
    rf"localhost|[^.]+|.*\.{INNER_DOMAINS}(?:\..*)?|(?:.*\.)?{INNER_TOOLS}(?:\..*)?", re.IGNORECASE
)


def leaks_in(text: str) -> list[LanguageFinding]:
    """Return what the text gives away, in its order; addresses of public pages are none."""
    look: list[tuple[re.Pattern[str], str, str, Callable[[re.Match[str]], bool]]] = [
        (SECRET, "a password, key or token", "remove it, and have it replaced", _always),
        (EMAIL, "an e-mail address", "name a public contact", _is_personal),
        (LINK, "a link that only works inside", "link to the status page", _is_inner),
        (IPV4, "the address of a machine", "name the service", _is_address),
        (IPV6, "the address of a machine", "name the service", _is_address),
        (HOST, "the name of a machine or an inner system", "name the service", _always),
    ]
    return without_overlaps(
        list(
            chain.from_iterable(
                (
                    found(Family.LEAK, text, match, message=f"This is {what}.", suggestion=instead)
                    for match in pattern.finditer(text)
                    if counts(match)
                )
                for pattern, what, instead, counts in look
            )
        )
    )


def _always(_match: re.Match[str]) -> bool:
    return True


def _is_personal(match: re.Match[str]) -> bool:
    return match["box"].lower() not in PUBLIC_MAILBOXES


def _is_inner(match: re.Match[str]) -> bool:
    host = match["host"]
    return bool(INNER_LINK.fullmatch(host)) or host.startswith("[") or bool(IPV4.fullmatch(host))


def _is_address(match: re.Match[str]) -> bool:
    try:
        ip_address(match[0])
    except ValueError:
        return False
    return True
