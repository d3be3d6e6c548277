"""The table of the rules: id, level, what it asks, what it reads, and its check."""

from __future__ import annotations

from app.domain.rules import actions, causes, closing, entries, live, statements, times
from app.domain.rules.findings import Level, Rule
from app.domain.rules.known import READS as ALL_THAT_IS_KNOWN
from app.domain.rules.people import READS as PEOPLE

E, W = Level.REFUSE, Level.WARN
DRAFTS = (*ALL_THAT_IS_KNOWN, "communications", "learnings")
CAUSES = (*PEOPLE, "factors", "rca")
PROOFS = ("entries", "evidence")
TOLD = ("incident", "entries", "sessions", "events", "messages", "reconciliations")

RULES: tuple[Rule, ...] = (
    Rule(
        "R01",
        E,
        "Times are kept in UTC and told no finer than they are known.",
        DRAFTS,
        statements.no_finer_than_known,
    ),
    Rule(
        "R02",
        E,
        "A hypothesis is never told as a fact; evidence confirms one.",
        (*PROOFS, "factors", "communications"),
        entries.guesses_stay_guesses,
    ),
    Rule(
        "R03",
        E,
        "Anchors carry evidence, or say “none, because”.",
        PROOFS,
        entries.anchors_are_proven,
    ),
    Rule(
        "R04",
        E,
        "Start, detection, mitigation and resolution follow each other.",
        ("entries",),
        times.in_order,
    ),
    Rule(
        "R05",
        E,
        "A status update says when the next one comes, but for the closing one.",
        ("status_updates",),
        live.updates_promise_the_next,
    ),
    Rule(
        "R06",
        W,
        "Status updates come as often as the severity asks.",
        ("incident", "status_updates"),
        live.updates_come_in_time,
        ages=True,
    ),
    Rule(
        "R07",
        E,
        "At full depth, three factors in two layers contributed.",
        ("incident", "factors"),
        causes.several_factors,
    ),
    Rule(
        "R08",
        E,
        "No cause is “human error”, a person or a team.",
        CAUSES,
        causes.no_person_is_a_cause,
    ),
    Rule(
        "R09",
        E,
        "An action has a due date, verification plan, category, owner, and concrete words.",
        ("actions",),
        actions.actions_are_complete,
    ),
    Rule(
        "R10",
        W,
        "Confirmed factors and actions belong together.",
        ("incident", "actions", "factors"),
        actions.factors_have_actions,
    ),
    Rule(
        "R11", E, "Nothing is final while the incident goes on.", ("incident",), closing.it_is_over
    ),
    Rule(
        "R12",
        E,
        "Who takes over command has acknowledged a checkpoint.",
        ("incident", "roles", "checkpoints"),
        live.handovers_are_acknowledged,
    ),
    Rule(
        "R13",
        E,
        "A text for people outside is approved by name and gives nothing away.",
        ("communications", "status_updates"),
        statements.outsiders_read_what_is_approved,
    ),
    Rule(
        "R14",
        E,
        "Texts made from the record say only what is in it; new names are shown.",
        DRAFTS,
        statements.only_what_is_known,
    ),
    Rule(
        "R15",
        E,
        "Closing needs every close-out item or a waiver, and a review date.",
        ("incident", "closeout"),
        closing.closing_is_earned,
    ),
    Rule(
        "R16",
        E,
        "Security track: a need-to-know list, encrypted, out of the library.",
        ("incident",),
        closing.secrets_are_kept,
    ),
    Rule(
        "R17",
        W,
        "Each layer of the impact is told, or marked as unknown.",
        ("incident", "impact"),
        closing.impact_is_told,
    ),
    Rule("R18", W, "Sources agree on a time, or a person has chosen.", TOLD, times.sources_agree),
    Rule(
        "R19",
        W,
        "The postmortem is final two days after the resolution.",
        ("incident", "entries", "locks"),
        times.final_in_time,
        ages=True,
    ),
    Rule(
        "R20",
        E,
        "The needed roles were held, or are not needed.",
        ("incident", "roles"),
        live.roles_are_held,
    ),
    Rule(
        "R21",
        E,
        "The timeline tells each milestone and the key decisions.",
        ("incident", "entries"),
        entries.milestones_are_told,
    ),
    Rule(
        "R22",
        W,
        "A signal that users see confirms the recovery, with evidence.",
        ("incident", *PROOFS),
        entries.recovery_is_seen,
    ),
    Rule(
        "R23",
        W,
        "A mitigation does not stand as a preventing action.",
        ("actions",),
        actions.mitigations_prevent_nothing,
    ),
    Rule(
        "R24",
        W,
        "What happened before has an action on its whole class.",
        ("incident", "actions", "rca"),
        actions.repeats_meet_the_class,
    ),
)
