import pytest

from app.domain.language.findings import Family
from app.domain.language.vague_actions import (
    names_no_date,
    names_nobody,
    proves_nothing,
    vague_actions_in,
)

VAGUE = [
    "Be more careful with migrations",
    "Pay attention to the dashboards",
    "Communicate better",
    "Raise awareness of the failover",
    "Remind everyone to check the replica",
    "Retrain the on-call engineers",
    "Retrain",
    "Improve the deploy pipeline",
    "Enhance observability",
    "Review the alert rules",
    "Look into the pool",
    "Investigate the timeouts",
    "Consider a circuit breaker",
    "Better dashboards",
    "Ensure this does not happen again",
    "Make sure that the cache is warm",
    "Add monitoring",
    "Add an alert on connection pool usage",
    "Set up better alerting for checkout",
    "Add more tests",
    "Improve tests",
    "Increase test coverage",
    "Fix the issue",
    "Fix the bug.",
    "Document the incident",
    "Update the runbook",
    "We should improve latency",
    "Rotate the key and be more careful",
]
CONCRETE = [
    "Add alert: connection pool usage > 80 % for 5 min",
    "Alert on the queue when replication stops for a shard",
    "Add a test for the retry path with an exhausted pool",
    "Reduce the lock timeout of migrations to 2 s",
    "Ensure that the pipeline rejects migrations without a lock timeout",
    "Improve p99 of checkout from 900 ms to 300 ms",
    "Retrain the fraud model on the March data",
    "Have the deploy tool remind of open flags",
    "Document the failover step in the payments runbook",
    "Cap the pool at 200 connections in checkout",
    "Block deploys in the pipeline while a SEV1 is active",
    "Fix the retry loop that ignores Retry-After",
    "Require code review for changes of the firewall",
    "Remove the direct database access of the batch job",
    "Review all 14 alert rules of checkout within 2 weeks",
    "Add an alert when the certificate has fewer than 14 days left",
    "Make sure the worker aborts by setting a deadline",
    "Delete the careful-mode flag",
]


@pytest.mark.parametrize("text", VAGUE)
def test_a_vague_action_is_asked_for_what_is_missing(text: str) -> None:
    findings = vague_actions_in(text)
    assert {finding.family for finding in findings} == {Family.VAGUE_ACTION}
    assert all(text[f.start : f.end] == f.match and f.suggestion for f in findings)


@pytest.mark.parametrize("text", CONCRETE)
def test_a_concrete_action_is_left_alone(text: str) -> None:
    assert vague_actions_in(text) == []


@pytest.mark.parametrize("owner", ["team", "The team", "everyone", "TBD", "?", "all"])
def test_a_word_for_all_owns_nothing(owner: str) -> None:
    assert names_nobody(owner)


@pytest.mark.parametrize("owner", ["Marcus", "Platform team", "operations", "Tbdulla"])
def test_a_name_or_role_owns(owner: str) -> None:
    assert not names_nobody(owner)


@pytest.mark.parametrize("due", ["ASAP", "soon", "tbd", "-"])
def test_a_wish_is_no_date(due: str) -> None:
    assert names_no_date(due)


def test_a_date_is_one() -> None:
    assert not names_no_date("2026-03-19")


@pytest.mark.parametrize("plan", ["done", "Merged.", "monitor", "Once it is merged", "test it"])
def test_done_proves_nothing(plan: str) -> None:
    assert proves_nothing(plan)


@pytest.mark.parametrize(
    "plan", ["Load test with 500 clients shows no 5xx", "Drill on 1 April", "Monitor for 5 days"]
)
def test_something_to_be_seen_proves_it(plan: str) -> None:
    assert not proves_nothing(plan)
