"""The whole model: live work, sources, analysis, communications, locks; more of the spine."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the columns; what was there stays as it was."""
    _widen_action()
    _widen_entry()
    _widen_incident()
    _widen_segment()
    _widen_session()
    _widen_track()
    _create_checkpoint()
    _create_closeout()
    _create_communication()
    _create_event()
    _create_evidence()
    _create_factor()
    _create_impact()
    _create_learnings()
    _create_lock()
    _create_message()
    _create_rca()
    _create_reconciliation()
    _create_role()
    _create_scope()
    _create_series()
    _create_slo()
    _create_status_update()
    _create_suggestion()


def _add(table: str, name: str, kind: Any, *, default: str | None = None) -> None:
    """Add a column; rows that are there already get the default, or NULL without one."""
    column: sa.Column[Any] = sa.Column(
        name, kind, nullable=default is None, server_default=default
    )
    op.add_column(table, column)


def _add_json(table: str, name: str, default: str | None = None) -> None:
    column = sa.Column(name, sa.JSON(none_as_null=True), nullable=True, server_default=default)
    op.add_column(table, column)


def _widen_action() -> None:
    _add_json("action", "factors", "[]")
    _add_json("action", "ticket")


def _widen_entry() -> None:
    _add_json("entry", "evidence", "[]")
    _add("entry", "no_evidence_because", sa.String())


def _widen_incident() -> None:
    _add("incident", "codename", sa.String())
    _add_json("incident", "severity_history", "[]")
    _add_json("incident", "state_history", "[]")
    _add("incident", "business_critical_period", sa.String())
    _add_json("incident", "channels", "[]")
    _add("incident", "detection_method", sa.String())
    _add("incident", "current_risk", sa.String())
    _add_json("incident", "next_checkpoint")
    _add("incident", "follow_up_review_date", sa.Date())
    _add_json("incident", "systems", "[]")
    _add("incident", "track", sa.String(), default="normal")
    _add("incident", "depth", sa.String(), default="full")
    _add("incident", "template", sa.String())
    _add_json("incident", "prior_incident_ids", "[]")
    _add_json("incident", "tags", '{"failure_mode": [], "symptom_signature": []}')
    _add_json("incident", "need_to_know", "[]")


def _widen_segment() -> None:
    _add("segment", "confidence", sa.Float())
    _add("segment", "overlap", sa.Boolean(), default="0")
    _add("segment", "redacted", sa.Boolean(), default="0")


def _widen_session() -> None:
    _add("session", "clock_offset_ms", sa.Integer(), default="0")
    _add_json("session", "consent")
    _add_json("session", "pauses", "[]")


def _widen_track() -> None:
    _add("track", "drift_ppm", sa.Float())


def _create(table: str, *columns: sa.schema.SchemaItem, single: bool = False) -> None:
    """Make a table; ``single``: an incident has one such thing, which bears its id."""
    owner = "id" if single else "incident_id"
    own = () if single else (sa.Column("incident_id", sa.String(), nullable=False),)
    op.create_table(
        table,
        sa.Column("id", sa.String(), nullable=False),
        *own,
        *columns,
        sa.ForeignKeyConstraint([owner], ["incident.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    if not single:
        op.create_index(f"ix_{table}_incident_id", table, ["incident_id"], unique=False)


def _column(name: str, kind: Any, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)


def _create_checkpoint() -> None:
    _create(
        "checkpoint",
        _column("at", sa.DateTime(timezone=True), nullable=False),
        _column("from_", sa.String()),
        _column("to", sa.String()),
        _column("role", sa.String()),
        _column("state", sa.String()),
        _column("hypothesis", sa.String()),
        _column("customer_impact", sa.String()),
        _column("in_flight", sa.JSON(none_as_null=True)),
        _column("decision_point", sa.String()),
        _column("comms_cadence", sa.String()),
        _column("next_decision_point", sa.String()),
        _column("acknowledged_at", sa.DateTime(timezone=True)),
        _column("acknowledged_by", sa.String()),
    )


def _create_closeout() -> None:
    _create(
        "closeout",
        _column("actions_shipped", sa.Boolean(), nullable=False),
        _column("verification_complete", sa.Boolean(), nullable=False),
        _column("runbook_updated", sa.Boolean(), nullable=False),
        _column("review_held", sa.Boolean(), nullable=False),
        _column("customer_confirmed", sa.Boolean(), nullable=False),
        _column("review_dates", sa.JSON(none_as_null=True)),
        _column("waivers", sa.JSON(none_as_null=True)),
        single=True,
    )


def _create_communication() -> None:
    _create(
        "communication",
        _column("audience", sa.String(), nullable=False),
        _column("text", sa.String(), nullable=False),
        _column("tier", sa.String()),
        _column("facts_used", sa.JSON(none_as_null=True)),
        _column("approver", sa.String()),
        _column("approved_at", sa.DateTime(timezone=True)),
        _column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _create_event() -> None:
    _create(
        "event",
        _column("source_id", sa.String(), nullable=False),
        _column("at", sa.DateTime(timezone=True), nullable=False),
        _column("kind", sa.String(), nullable=False),
        _column("text", sa.String(), nullable=False),
        _column("external_id", sa.String()),
        _column("author", sa.String()),
        _column("state", sa.String()),
        _column("url", sa.String()),
    )


def _create_evidence() -> None:
    _create(
        "evidence",
        _column("kind", sa.String(), nullable=False),
        _column("url", sa.String()),
        _column("file", sa.String()),
        _column("sha256", sa.String()),
        _column("captured_at", sa.DateTime(timezone=True)),
        _column("note", sa.String()),
    )


def _create_factor() -> None:
    _create(
        "factor",
        _column("text", sa.String(), nullable=False),
        _column("layer", sa.String(), nullable=False),
        _column("role", sa.String(), nullable=False),
        _column("status", sa.String(), nullable=False),
        _column("evidence", sa.JSON(none_as_null=True)),
        _column("entries", sa.JSON(none_as_null=True)),
    )


def _create_impact() -> None:
    _create(
        "impact",
        _column("technical", sa.JSON(none_as_null=True)),
        _column("customer", sa.JSON(none_as_null=True)),
        _column("business", sa.JSON(none_as_null=True)),
        single=True,
    )


def _create_learnings() -> None:
    _create(
        "learnings",
        _column("went_well", sa.JSON(none_as_null=True)),
        _column("went_badly", sa.JSON(none_as_null=True)),
        _column("lucky", sa.JSON(none_as_null=True)),
        _column("surprised", sa.JSON(none_as_null=True)),
        single=True,
    )


def _create_lock() -> None:
    _create(
        "lock",
        _column("name", sa.String(), nullable=False),
        _column("at", sa.DateTime(timezone=True), nullable=False),
        _column("by", sa.String(), nullable=False),
        _column("record_sha256", sa.String(), nullable=False),
        _column("parts", sa.JSON(none_as_null=True)),
    )


def _create_message() -> None:
    _create(
        "message",
        _column("source_id", sa.String(), nullable=False),
        _column("at", sa.DateTime(timezone=True), nullable=False),
        _column("text", sa.String(), nullable=False),
        _column("external_id", sa.String()),
        _column("author", sa.String()),
        _column("channel", sa.String()),
    )


def _create_rca() -> None:
    _create(
        "rca",
        _column("trigger", sa.String()),
        _column("method", sa.String()),
        _column("detection_gap", sa.String()),
        _column("mitigation_gap", sa.String()),
        _column("prevention_gap", sa.String()),
        _column("whys", sa.JSON(none_as_null=True)),
        _column("recurrence_stopping_condition", sa.String()),
        _column("unconfirmed", sa.JSON(none_as_null=True)),
        _column("missed_defenses", sa.JSON(none_as_null=True)),
        _column("open_questions", sa.JSON(none_as_null=True)),
        _column("first_occurrence", sa.Boolean()),
        single=True,
    )


def _create_reconciliation() -> None:
    _create(
        "reconciliation",
        _column("members", sa.JSON(none_as_null=True)),
        _column("chosen", sa.String(), nullable=False),
        _column("by", sa.String(), nullable=False),
        _column("why", sa.String(), nullable=False),
        _column("at", sa.DateTime(timezone=True)),
    )


def _create_role() -> None:
    _create(
        "role",
        _column("role", sa.String(), nullable=False),
        _column("person", sa.String()),
        _column("from_", sa.DateTime(timezone=True)),
        _column("to", sa.DateTime(timezone=True)),
        _column("not_needed", sa.Boolean(), nullable=False),
    )


def _create_scope() -> None:
    _create(
        "scope",
        _column("users", sa.String()),
        _column("fault_domain", sa.String()),
        _column("dependency", sa.String()),
        _column("recent_change", sa.String()),
        single=True,
    )


def _create_series() -> None:
    _create(
        "series",
        _column("source_id", sa.String(), nullable=False),
        _column("name", sa.String(), nullable=False),
        _column("unit", sa.String()),
        _column("external_id", sa.String()),
        _column("points", sa.JSON(none_as_null=True)),
    )


def _create_slo() -> None:
    _create(
        "slo",
        _column("name", sa.String(), nullable=False),
        _column("target", sa.Float(), nullable=False),
        _column("window_minutes", sa.Integer(), nullable=False),
        _column("used", sa.JSON(none_as_null=True)),
    )


def _create_status_update() -> None:
    _create(
        "status_update",
        _column("at", sa.DateTime(timezone=True), nullable=False),
        _column("audience", sa.String(), nullable=False),
        _column("channel", sa.String()),
        _column("known", sa.String()),
        _column("unknown", sa.String()),
        _column("impact", sa.String()),
        _column("mitigation", sa.String()),
        _column("next_update_at", sa.DateTime(timezone=True)),
        _column("closing", sa.Boolean(), nullable=False),
        _column("approved_by", sa.String()),
        _column("sent_at", sa.DateTime(timezone=True)),
    )


def _create_suggestion() -> None:
    _create(
        "suggestion",
        _column("kind", sa.String(), nullable=False),
        _column("text", sa.String(), nullable=False),
        _column("sources", sa.JSON(none_as_null=True)),
        _column("reason", sa.String(), nullable=False),
        _column("confidence", sa.Float(), nullable=False),
        _column("facet", sa.String()),
        _column("said_at", sa.DateTime(timezone=True)),
        _column("occurred_at", sa.DateTime(timezone=True)),
        _column("precision", sa.String(), nullable=False),
        _column("owner", sa.String()),
        _column("due", sa.Date()),
        _column("mitigation_result", sa.String()),
        _column("hypothesis_state", sa.String()),
        _column("state", sa.String(), nullable=False),
        _column("entry_id", sa.String()),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], initially="DEFERRED", deferrable=True),
    )
    op.create_index("ix_suggestion_entry_id", "suggestion", ["entry_id"], unique=False)
