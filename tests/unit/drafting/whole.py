"""A record that fills every part of a report, and some that strain its pages."""

from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.actions import Ticket
from app.domain.analysis import FactorLayer, FactorRole, FactorStatus, Why
from app.domain.closeout import CloseOutItem, Waiver
from app.domain.impact import Basis, BusinessImpact, CustomerImpact
from app.domain.impact import TechnicalImpact as Technical
from app.domain.imported import Point
from app.domain.incident import IncidentState, SeverityChange
from app.domain.record import Record
from app.domain.slos import BudgetUse
from app.domain.timeline import Anchor, EntryKind
from tests.builders import a_record, an_action, an_entry, an_incident, at
from tests.record_builders import (
    a_checkpoint,
    a_closeout,
    a_communication,
    a_factor,
    a_quantity,
    a_role,
    a_scope,
    a_series,
    a_status_update,
    an_evidence,
    an_impact,
    an_rca,
    an_slo,
    some_learnings,
)
from tests.unit.drafting.checkout import the_checkout_record

POOL = an_evidence(note="Connections in use", file=None, sha256=None)
GRAPH = an_evidence(note="Error rate", file=None, sha256=None)
SMALL_POOL = a_factor(
    "The pool held one connection per request",
    role=FactorRole.TRIGGERING,
    status=FactorStatus.CONFIRMED,
    evidence=(POOL.id,),
)
NO_ALERT = a_factor("No alert watched the pool", layer=FactorLayer.DETECTION)
ARABIC = "فشل الدفع بعد نشر الإصدار v4.2.0 في الساعة 14:02"
HEBREW = "התשלום נכשל אחרי פריסת גרסה v4.2.0 בשעה 14:02"
JAPANESE = (
    "データベース接続プールが枯渇し、"
    "チェックアウトが503を返し始めました。ロールバックを決定しました。"
)
KOREAN = "데이터베이스 연결 풀이 고갈되었습니다"
EMOJI = "🚀 deploy → 🔥 errors, ✅ fixed 😀"
SCRIPTS = (ARABIC, HEBREW, JAPANESE, KOREAN, EMOJI)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_URL = ("https://grafana.example/d/abc?" + "&".join(f"var-{n}=value{n}" for n in range(30)))[
    :300
]


def the_whole_record(**parts: Any) -> Record:
    """Return the checkout incident with its analysis, its conduct and its close-out."""
    record = the_checkout_record(
        severity_history=(
            SeverityChange(None, "SEV2", at("13:30"), "Priya", None),
            SeverityChange("SEV2", "SEV1", at("14:10"), "Priya", "checkout is down"),
        ),
    )
    fix = an_action(
        "Alert when the pool is fuller than 85 % for 5 min.",
        factors=(NO_ALERT.id, SMALL_POOL.id),
        ticket=Ticket("jira", "OPS-412", "https://jira.example/OPS-412"),
        dependencies=(record.actions[0].id,),
    )
    impact = an_impact(
        technical=Technical(
            components=("checkout",),
            error_rate=a_quantity(12, evidence=(GRAPH.id,)),
            down_minutes=a_quantity(None, "min"),
        ),
        customer=CustomerImpact(
            affected_percent=a_quantity(
                20, basis=Basis.ESTIMATED, assumption="as many as met one 503"
            ),
            symptoms=("503 when paying", "empty carts"),
        ),
        business=BusinessImpact(unknown=True),
    )
    return replace(
        record,
        **{
            "evidence": (*record.evidence, POOL, GRAPH),
            "actions": (*record.actions, fix),
            "factors": (SMALL_POOL, NO_ALERT),
            "impact": impact,
            "slos": (an_slo(used=(BudgetUse(240, 0.2, (GRAPH.id,)),)),),
            "scope": a_scope(),
            "rca": an_rca(
                whys=(Why("How did it fill?", "It held one each", (POOL.id,)), Why("And before?")),
                unconfirmed=("Whether retries filled it faster",),
                detection_gap="Nothing watched the pool",
                open_questions=("Do others share its settings?",),
            ),
            "learnings": some_learnings(lucky=("The release before could still be deployed",)),
            "series": (
                a_series(
                    name="Errors",
                    points=tuple(Point(at(f"14:{n:02d}"), n % 13) for n in range(0, 50, 2)),
                ),
            ),
            "roles": (
                a_role(person="Marcus", from_=at("14:05"), to=at("14:20")),
                a_role(person="Priya", from_=at("14:20")),
            ),
            "status_updates": (
                a_status_update(at=at("14:10"), next_update_at=at("14:40")),
                a_status_update(at=at("14:52"), next_update_at=None, closing=True, known="over"),
            ),
            "checkpoints": (
                a_checkpoint(
                    at=at("14:19"), state="active, SEV1", in_flight=("rollback",),
                    acknowledged_at=at("14:20"), acknowledged_by="Priya",
                ),
            ),
            "communications": (a_communication(),),
            "closeout": a_closeout(),
            **parts,
        },
    )  # fmt: skip


def a_record_in_words(texts: tuple[str, ...]) -> Record:
    """Return a record that says one of the texts wherever a person can say something."""
    first, last = texts[0], texts[-1]
    entries = [
        an_entry(text, kind=kind, occurred=f"14:{number:02d}", owner_role=text)
        for number, text in enumerate(texts)
        for kind in (EntryKind.FACT, EntryKind.HYPOTHESIS, EntryKind.DECISION)
    ]
    return a_record(
        *entries,
        an_entry(first, occurred="13:59", anchor=Anchor.IMPACT_START),
        an_entry(last, occurred="14:40", anchor=Anchor.RECOVERY_CONFIRMED),
        incident=an_incident(
            title=f"{first} {last}", severity=last[:40], owner=first, classification=last
        ),
        actions=tuple(
            an_action(t, owner=t, verification_plan=t, priority=t, ticket=Ticket(t, t))
            for t in texts
        ),
        factors=tuple(a_factor(text) for text in texts),
        rca=an_rca(
            trigger=first, whys=tuple(Why(t, t) for t in texts), unconfirmed=texts,
            missed_defenses=texts,
        ),
        learnings=some_learnings(went_well=texts),
        impact=an_impact(technical=Technical(components=texts, latency=a_quantity(9, last))),
        slos=(an_slo(name=first),),
        scope=a_scope(users=first, recent_change=last),
        series=(a_series(name=first, unit=last),),
        roles=(a_role(first, last, from_=at("14:00")),),
        status_updates=(a_status_update(known=first, channel=last, approved_by=first),),
        checkpoints=(a_checkpoint(state=first, hypothesis=last),),
        communications=(a_communication(text=first, approver=last),),
        closeout=a_closeout(
            waivers=(Waiver(CloseOutItem.RUNBOOK_UPDATED, first, last),),
            review_dates=(date(2026, 4, 12),),
        ),
        evidence=tuple(an_evidence(url=None, name=text, note=text) for text in texts),
    )  # fmt: skip


def a_record_of_many() -> Record:
    """Return 40 factors in all layers and 120 actions that answer them."""
    factors = tuple(
        a_factor(
            f"Factor {number}: the pool was sized for one release and nobody saw how full it was",
            layer=list(FactorLayer)[number % len(FactorLayer)],
            status=list(FactorStatus)[number % 2],
        )
        for number in range(40)
    )
    actions = tuple(
        an_action(f"Action {n}: alert at {n} %", factors=(factors[n % 40].id,)) for n in range(120)
    )
    return a_record(
        factors=factors, actions=actions, incident=an_incident(state=IncidentState.RESOLVED)
    )
