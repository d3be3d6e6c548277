"""Rows of the analysis: impact, objectives, causes, learnings, closing."""

from typing import Any

from sqlmodel import SQLModel

from app.storage.columns import id_column, incident_id_column, json_column, ref


class ImpactRow(SQLModel, table=True):
    """``app.domain.impact.Impact``."""

    __tablename__ = "impact"

    id: str = incident_id_column()
    technical: Any = json_column()
    customer: Any = json_column()
    business: Any = json_column()


class SloRow(SQLModel, table=True):
    """``app.domain.slos.Slo``."""

    __tablename__ = "slo"

    id: str = id_column()
    incident_id: str = ref("incident")
    name: str
    target: float
    window_minutes: int
    used: Any = json_column()


class RcaRow(SQLModel, table=True):
    """``app.domain.analysis.Rca``."""

    __tablename__ = "rca"

    id: str = incident_id_column()
    trigger: str | None
    method: str | None
    detection_gap: str | None
    mitigation_gap: str | None
    prevention_gap: str | None
    whys: Any = json_column()
    recurrence_stopping_condition: str | None
    unconfirmed: Any = json_column()
    missed_defenses: Any = json_column()
    open_questions: Any = json_column()
    first_occurrence: bool | None


class FactorRow(SQLModel, table=True):
    """``app.domain.analysis.Factor``."""

    __tablename__ = "factor"

    id: str = id_column()
    incident_id: str = ref("incident")
    text: str
    layer: str
    role: str
    status: str
    evidence: Any = json_column()
    entries: Any = json_column()


class LearningsRow(SQLModel, table=True):
    """``app.domain.learnings.Learnings``."""

    __tablename__ = "learnings"

    id: str = incident_id_column()
    went_well: Any = json_column()
    went_badly: Any = json_column()
    lucky: Any = json_column()
    surprised: Any = json_column()


class CloseOutRow(SQLModel, table=True):
    """``app.domain.closeout.CloseOut``."""

    __tablename__ = "closeout"

    id: str = incident_id_column()
    actions_shipped: bool
    verification_complete: bool
    runbook_updated: bool
    review_held: bool
    customer_confirmed: bool
    review_dates: Any = json_column()
    waivers: Any = json_column()
