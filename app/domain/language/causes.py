"""Causes that name a person: refused, since an individual's action is never the cause."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from app.domain.language.findings import Family, LanguageFinding, found, without_overlaps

PRONOUN = r"(?:I|he|she|we|you|someone|somebody|whoever)"
# Users fail to log in, and an operator of a cluster fails to reconcile: neither is blamed.
MACHINE_BEFORE = (
    r"(?<!kubernetes )(?<!k8s )(?<!postgres )(?<!prometheus )(?<!kafka )(?<!redis )"
    r"(?<!cluster )(?<!database )(?<!the comparison )(?<!ternary )"
)
WORKER = (
    rf"(?:engineers?|{MACHINE_BEFORE}operators?|developers?|devs?|admins?|administrators?|dbas?|sres?"
    r"|on-?calls?"
    r"|deployers?|authors?|reviewers?|committers?|contractors?|interns?|technicians?|employees?"
    r"|colleagues?|staff|managers?|responders?|commanders?|person|people|human|teams?)"
)
ROLE = rf"(?:(?:the|an?|our|one|another|some)\s+)?(?:[\w/-]{{1,30}}\s+){{0,2}}{WORKER}"
HARDLY = (
    r"(?:(?:simply|also|just|again|then|probably|accidentally|mistakenly|manually|had|has|have)"
    r"\s+)*"
)
FAILED = (
    r"(?:forgot|forgotten|neglected|missed|overlooked|ignored|bypassed|misread|mistyped"
    r"|misconfigured|fail(?:ed)? to(?! (?:reconcile|sync|requeue|log in|start|connect))"
    r"|(?:did|do|does)(?: not|n['\u2019]t) (?:check|verify|validate|notice|test|read|follow|look"
    r"|realis?e|realize|think|know|run|escalate|communicate|pay)"
    r"|(?:should|could|would) have|was careless|were careless|made an? (?:mistake|error|typo))"
)
CAUSED = (
    r"(?:broke|broken|caused|took (?:it |everything |[\w-]+ )?down|brought (?:[\w-]+ )?down"
    r"|messed up|screwed up|crashed|wiped|botched|fat-?fingered)"
)
# Of a person known by name any change is theirs; “the team deployed” alone blames nobody.
CHANGED = (
    r"(?:deployed|pushed|merged|ran|deleted|dropped|changed|removed|disabled|skipped|approved"
    r"|restarted|edited|shipped|released|overwrote|rolled out|applied|typed|triggered|left|set)"
)
SLIP = r"(?:mistakes?|errors?|faults?|failures?|oversights?|negligence|carelessness|typos?|slips?)"
# “the team calendar” is no team
NOT_THEIRS = (
    r"(?!\s+(?:ratio|queue|calendar|rota|schedule|chat|channel|dashboards?|repositor\w+)\b)"
)
NOT = r"(?<!not )(?<!no )(?<!than )(?<!never )"

HUMAN_ERROR = re.compile(
    rf"{NOT}\b(?:(?:human|pilot)[ -](?:errors?|mistakes?|failures?|oversights?)"
    rf"|{MACHINE_BEFORE}operator[ -](?:errors?|mistakes?|oversights?)"
    r"|user[ -]error(?![ -](?:rates?|budgets?|messages?|counts?|pages?|reports?|logs?|handl\w+))"
    r"|fat[ -]finger(?:ed|s|ing)?|finger trouble|pebkac|carelessness|negligence|incompetence"
    r"|(?:careless|negligent|incompetent|inexperienced|sloppy) \w+)\b",
    re.IGNORECASE,
)
SINGLE_CONDITION = r"(?<!only )(?<!but )"  # “only Marcus had access” tells of the system
THEY = re.compile(
    rf"(?:^|[.;!?]\s+|{WORKER}\b[^.;]*)\bthey\s+{HARDLY}(?P<words>{FAILED})", re.IGNORECASE
)

MESSAGES = {
    Family.HUMAN_ERROR: (
        "A person's slip is not a cause; what allowed it is.",
        "The [tool or step] allowed …; the conditions were …",
    ),
    Family.PERSON_FAILED: (
        "This makes what a person did not do the cause.",
        "The process had no check for …",
    ),
    Family.PERSON_CAUSED: (
        "This makes a person or a team the cause.",
        "A change to … led to …; the pipeline allowed it without …",
    ),
}


def blame_in(text: str, people: Iterable[str] = ()) -> list[LanguageFinding]:
    """Return where a cause is a slip, a person or a team; ``people`` are the names known."""
    patterns = _patterns(tuple(sorted({name for name in people if name.strip()})))
    return without_overlaps(
        [
            found(family, text, match, message=message, suggestion=suggestion)
            for family, pattern in patterns
            for match in pattern.finditer(text)
            for message, suggestion in [MESSAGES[family]]
        ]
    )


@lru_cache(maxsize=64)
def _patterns(people: tuple[str, ...]) -> tuple[tuple[Family, re.Pattern[str]], ...]:
    named = "|".join(re.escape(name) for name in sorted(people, key=len, reverse=True))
    name = rf"(?:{named})" if named else r"(?!)"
    anyone = rf"(?:{name}|{ROLE})"
    who = rf"{SINGLE_CONDITION}\b(?:{name}|{PRONOUN}|{ROLE})(?:\s+\([^)]*\))?"
    caused = [
        rf"^\W*(?:{anyone})(?:\s*\([^)]*\))?\W*$",
        rf"{who}\s+{HARDLY}{CAUSED}\b",
        rf"{SINGLE_CONDITION}\b{name}\s+{HARDLY}{CHANGED}\b",
        rf"{who}(?:['\u2019]s?)\s+{SLIP}\b(?! (?:budget|rate|domain|mode|tolerance))",
        (
            rf"\b(?:{SLIP}|caused|introduced|broken|triggered|made)\s+(?:by|of)\s+{anyone}"
            rf"(?!['\u2019\w-]){NOT_THEIRS}"
        ),
        rf"\b(?:because of|due to|fault of|blame)\s+{anyone}(?:\s*[.,;]|\s*$)",
        (
            rf"{who}\s+(?:is|was|were|are)\s+"
            r"(?:at fault|to blame|the culprits?|responsible for the outage)\b"
        ),
    ]
    return (
        (Family.HUMAN_ERROR, HUMAN_ERROR),
        (Family.PERSON_FAILED, re.compile(rf"{who}\s+{HARDLY}{FAILED}\b", re.IGNORECASE)),
        (Family.PERSON_FAILED, THEY),
        *((Family.PERSON_CAUSED, re.compile(one, re.IGNORECASE)) for one in caused),
    )
