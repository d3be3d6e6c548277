"""Rules on actions: R09 complete, R10 tied to factors, R23 no mitigation, R24 the whole class."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.actions import Action, ActionCategory, ActionStatus, Horizon
from app.domain.analysis import FactorStatus
from app.domain.language.findings import LanguageFinding
from app.domain.language.vague_actions import names_nobody, proves_nothing, vague_actions_in
from app.domain.record import Record
from app.domain.rules.commands import DAY, NAME, WORDS, changing
from app.domain.rules.findings import Circumstances, Place, Problem, and_list, quoted

MITIGATION = re.compile(
    r"^\W*(?:we\s+|i\s+)?(?:roll(?:ed|ing)?[ -]?back|revert(?:ed|ing)?|restart(?:ed|ing)?"
    r"|reboot(?:ed|ing)?|fail(?:ed|ing)?[ -]?over|scal(?:e|ed|ing)[ -](?:up|out)|hot-?fix(?:ed)?"
    r"|(?:flush|purge|clear)(?:ed)?\s|(?:disabled?|turn(?:ed)? off|switch(?:ed)? off)\s"
    r"|drain(?:ed)?\s|kill(?:ed)?\s)",
    re.IGNORECASE,
)
LASTING = re.compile(
    r"\bautomatic|\bautomat|\bwhen(?:ever)?\b|\bif\b|\bfor good\b|\bevery\b", re.IGNORECASE
)
TO_FILL_IN = {"due": DAY, "verification_plan": WORDS, "category": "CATEGORY", "owner": NAME}
ESCALATION = re.compile(r"\bescalat", re.IGNORECASE)


def to_be_done(record: Record) -> list[Action]:
    """Return the actions that somebody means to do, or has done."""
    return [action for action in record.actions if action.status is not ActionStatus.WONT_DO]


def missing_of(action: Action) -> list[tuple[str, str]]:
    """Return the fields that an action lacks, each with its words (R09)."""
    owner, role = (action.owner or "").strip(), (action.owner_role or "").strip()
    owned = any(name and not names_nobody(name) for name in (owner, role))
    plan = (action.verification_plan or "").strip()
    lacks = [
        ("due", "due date", action.due is None),
        ("verification_plan", "verification plan that shows it works", proves_nothing(plan)),
        ("category", "category", action.category is None),
        ("owner", "owner or role", not owned),
    ]
    return [(name, words) for name, words, missing in lacks if missing]


def actions_are_complete(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R09: it is clear who does what until when, and how anybody will know that it helped."""
    for action in to_be_done(record):
        missing = missing_of(action)
        if missing:
            yield Problem(
                Place("action", action.id, missing[0][0]),
                f"{quoted(action.text)} has no {and_list(words for _, words in missing)}.",
                "Fill it in, or say why it will not be done.",
                typed=changing(
                    action.incident_id,
                    "actions",
                    action.id,
                    **{name: TO_FILL_IN[name] for name, _ in missing},
                ),
            )
    for place, finding in vague(record):
        yield Problem(
            place,
            f"“{finding.match}” is vague. {finding.message}",
            f"For example: {finding.suggestion}",
        )


def vague(record: Record) -> Iterator[tuple[Place, LanguageFinding]]:
    """Return what in the words of actions nobody could tell to be done."""
    for action in to_be_done(record):
        for finding in vague_actions_in(action.text):
            yield Place("action", action.id, "text"), finding


def factors_have_actions(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R10: confirmed factors and actions belong together."""
    actions = to_be_done(record)
    met = {factor for action in actions for factor in action.factors}
    for factor in record.factors:
        if factor.status is FactorStatus.CONFIRMED and factor.id not in met:
            yield Problem(
                Place("factor", factor.id, "text"),
                f"No action meets the factor {quoted(factor.text)}.",
                "Link the action that does, add one, or say why the risk is taken.",
            )
    known = {factor.id for factor in record.factors}
    loose = [action for action in actions if known.isdisjoint(action.factors)]
    if loose and not known:
        yield Problem(
            Place("incident", record.incident.id, "factors"),
            f"There are actions ({len(loose)}) and no factor that they would meet.",
            "Enter the factors first, then link the actions.",
        )
        return
    for action in loose:
        yield Problem(
            Place("action", action.id, "factors"),
            f"{quoted(action.text)} meets no factor.",
            "Link the factor that it meets, or leave the action to another list.",
        )


def mitigations_prevent_nothing(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R23: what ended this incident does not keep the next from happening."""
    for action in to_be_done(record):
        if (
            action.category is ActionCategory.PREVENT
            and MITIGATION.search(action.text)
            and not LASTING.search(action.text)
        ):
            yield Problem(
                Place("action", action.id, "category"),
                f"{quoted(action.text)} mitigates; it stands as a preventing action.",
                "Make it “mitigate”, and add what keeps it from coming back.",
                typed=changing(
                    action.incident_id, "actions", action.id, category=ActionCategory.MITIGATE
                ),
            )


def repeats_meet_the_class(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R24: what happened before needs an action on the whole class, or an escalation."""
    modes = record.incident.tags.failure_mode
    before = record.incident.prior_incident_ids
    known_repeat = record.rca is not None and record.rca.first_occurrence is False
    if not (modes and before) and not known_repeat:
        return
    if any(_meets_class(action, modes) for action in to_be_done(record)):
        return
    what = and_list(quoted(mode) for mode in modes) if modes else "This"
    yield Problem(
        Place("incident", record.incident.id, "actions"),
        f"{what} happened before, and no action meets the whole class.",
        "Add a long-term preventing action that names it, or escalate.",
    )


def _meets_class(action: Action, modes: tuple[str, ...]) -> bool:
    if ESCALATION.search(action.text):
        return True
    if action.category is not ActionCategory.PREVENT:
        return False
    text = action.text.casefold()
    return action.horizon is Horizon.LONG or any(mode.casefold() in text for mode in modes)
