"""Actions that nobody could tell to be done: each finding asks for what is missing."""

from __future__ import annotations

import re

from app.domain.language.findings import Family, LanguageFinding, found, without_overlaps

# Where a clause of an action begins, and what people put before its verb.
BEGIN = (
    r"(?:^|[.;:,]\s+|\band\s+|\bthen\s+)(?:[-*•]\s*)?(?:please\s+|(?:we|everyone|all)\s+"
    r"(?:should|must|need to|will|have to)\s+|to\s+|always\s+|try to\s+)?"
)
# A number with its unit or beside a comparison, a “from … to …”: somebody can measure it.
MEASURE = re.compile(
    r"\d\s*(?:%|percent|ms|s|sec\w*|min\w*|h|hours?|days?|weeks?|req\w*|rps|qps|[kMGT]i?B|times)\b"
    r"|\d\s*%|[<>≤≥=]\s*\d|\b(?:from|to|below|above|under|over|than|least|most|within|by|every)"
    r"\s+[$€£]?\d",
    re.IGNORECASE,
)
# A mechanism that does it, rather than a wish that it be done.
CONTROL = re.compile(
    r"\bby\s+\w+ing\b|\bso that\b|\bthat\b.*\b(?:alerts|pages|limits|caps|fails)\b"
    r"|\b(?:blocks|rejects|refuses|rolls back|times out|retries|aborts|requires|rotates|expires"
    r"|warns)\b",
    re.IGNORECASE,
)
CONDITION = r"\b(?:when(?:ever)?|if|as soon as|while|for|on|once|before|after)\b"
STATED = re.compile(
    rf"{CONDITION}\s+(?!(?:things?|something|it|problems?|issues?)\b)\w+\s+\w+", re.IGNORECASE
)
EVENT = re.compile(
    r"\b(?:when(?:ever)?|if|as soon as|once)\s+"
    r"(?!things?\b|something\b|it\b|problems?\b|issues?\b)\w+\s+\w+",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"\b(?:runbooks?|playbooks?|readme|wiki|guides?|handbooks?|adrs?|manuals?|checklists?"
    r"|templates?|page)\b",
    re.IGNORECASE,
)
PEOPLE = (
    r"(?:everyone|everybody|people|staff|all|engineers?|operators?|developers?|on-?calls?|teams?"
    r"|each other|ourselves|responders?|colleagues?)"
)
WORDS_OF_A_STEP = 5  # “Document the failover step in the runbook” is told apart by its length

CARE = re.compile(
    r"\b(?P<words>be(?:ing)?\s+(?:more\s+|extra\s+|very\s+)?(?:careful|mindful|vigilant|attentive"
    r"|cautious)|pay(?:ing)?\s+(?:more\s+|close\s+|better\s+|closer\s+)?attention|take\s+(?:more\s+)?care"
    r"|communicate\s+(?:better|more|clearly|earlier)|better communication"
    r"|(?:raise|increase|improve)\s+awareness|try harder|double[- ]check\s+everything)\b",
    re.IGNORECASE,
)
REMIND = re.compile(
    rf"{BEGIN}(?P<words>remind\b|(?:re-?)?train(?:ing)?\s+(?:for\s+)?(?:(?:the|all|our|every)\s+)?"
    rf"(?:[\w-]+\s+)?{PEOPLE}\b|(?:re-?)?train(?:ing)?\W*$)",
    re.IGNORECASE,
)
WISH = re.compile(
    rf"{BEGIN}(?P<words>improve|enhance|review|look into|investigate|consider|better|ensure"
    r"|make sure|optimi[sz]e|revisit|explore|think about)\b",
    re.IGNORECASE,
)
MONITOR = re.compile(
    r"\b(?P<words>(?:add|create|set up|have|introduce|implement|more|better|improve|build)\s+"
    r"(?:(?:an?|the|some|more|better|new|proper|good)\s+)*(?:[\w-]+\s+){0,2}?"
    r"(?:monitoring|monitors?|alerting|alerts?|alarms?))\b",
    re.IGNORECASE,
)
TESTS = re.compile(
    r"\b(?P<words>(?:improve|more|better|add|write|increase|extend)\s+(?:(?:more|better|some|the"
    r"|our|new)\s+)*(?:(?:unit|integration|regression|load|e2e|end-to-end|automated)\s+)?"
    r"(?:tests?(?:ing)?(?:\s+coverage)?|coverage))\b",
    re.IGNORECASE,
)
FIX = re.compile(
    r"\b(?P<words>(?:fix|solve|resolve|address|correct|repair)\s+(?:(?:the|this|that|these|those"
    r"|all|any)\s+)?(?:(?:root|underlying)\s+)?(?:issues?|problems?|bugs?|errors?|cause|it|things?))"
    r"\s*(?:[.;!,]|$)",
    re.IGNORECASE,
)
DOCUMENT = re.compile(
    rf"{BEGIN}(?P<words>document|write\s+(?:up|down)|(?:update|improve|write|add|extend)\s+(?:the\s+"
    r"|our\s+|some\s+|more\s+|better\s+)*(?:docs?|documentation|runbooks?|playbooks?|wiki))\b",
    re.IGNORECASE,
)

NO_ONE = re.compile(
    r"(?:the |our |whole |all )*(?:teams?|everyone|everybody|all|anyone|someone|somebody|us|we"
    r"|tbd|tba|tbc|n/?a|none|nobody|unknown|unassigned|various)|[\W_]*",
    re.IGNORECASE,
)
NO_DATE = re.compile(
    r"asap|a\.s\.a\.p\.|soon|later|tbd|tba|next|ongoing|eventually|when possible|n/?a|[\W_]*"
    r"|as soon as possible|in the (?:near )?future",
    re.IGNORECASE,
)
NO_PROOF = re.compile(
    r"(?:(?:is|it is|it'?s|once|when|after|until|be|has been|will be|we|just|to)\s+)*"
    r"(?:done|merged|monitor(?:ed|ing)?|deployed|shipped|released|closed|complete[d]?|finished|fixed|works"
    r"|check(?:ed)?|test(?:ed)?|verif(?:y|ied)|watch|observe|review(?:ed)?|tbd|tba|n/?a|none|yes"
    r"|ok)(?:\s+(?:it|this|ticket|the ticket|pr|the pr))?|[\W_]*",
    re.IGNORECASE,
)


def vague_actions_in(text: str) -> list[LanguageFinding]:
    """Return what in an action's words keeps anybody from telling when it is done."""
    findings = [
        _finding(
            text, match, "Care and reminders wear off.", "Name a control that holds by itself"
        )
        for pattern in (CARE, REMIND)
        for match in pattern.finditer(text)
    ]
    if not MEASURE.search(text):
        findings += _unmeasured(text)
    findings += [
        _finding(text, match, "Which behaviour is to change?", "Name the behaviour: … must …")
        for match in FIX.finditer(text)
    ]
    if not (PLACE.search(text) and len(text.split()) >= WORDS_OF_A_STEP):
        findings += [
            _finding(text, match, "Which document, and which step?", "Runbook …, step …: …")
            for match in DOCUMENT.finditer(text)
        ]
    return without_overlaps(findings)


def _unmeasured(text: str) -> list[LanguageFinding]:
    found_here: list[LanguageFinding] = []
    if not EVENT.search(text):
        found_here += [
            _finding(
                text,
                match,
                "An alert on what, above which value, for how long?",
                "Add alert: ⟨metric⟩ > ⟨value⟩ for ⟨time⟩",
            )
            for match in MONITOR.finditer(text)
        ]
    if not STATED.search(text):
        found_here += [
            _finding(text, match, "Which case failed?", "Add a test in which …, expecting …")
            for match in TESTS.finditer(text)
        ]
    if not CONTROL.search(text):
        found_here += [
            _finding(text, match, "How would anybody see that it is done?", "… from … to …, in …")
            for match in WISH.finditer(text)
        ]
    return found_here


def names_nobody(owner: str) -> bool:
    """Whether an owner is a word such as “team”, “everyone” or “TBD”."""
    return NO_ONE.fullmatch(owner.strip()) is not None


def names_no_date(due: str) -> bool:
    """Whether a due date is a word such as “ASAP” or “soon”."""
    return NO_DATE.fullmatch(due.strip()) is not None


def proves_nothing(verification_plan: str) -> bool:
    """Whether a plan only says that it will be “done”, “merged” or watched (“monitor”)."""
    return NO_PROOF.fullmatch(verification_plan.strip().rstrip(".")) is not None


def _finding(text: str, match: re.Match[str], message: str, suggestion: str) -> LanguageFinding:
    return found(Family.VAGUE_ACTION, text, match, message=message, suggestion=suggestion)
