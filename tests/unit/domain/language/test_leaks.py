import time

import pytest

from app.domain.language.findings import Family
from app.domain.language.leaks import leaks_in

LEAKS = [
    ("Ask marcus.chen@acme.com", "marcus.chen@acme.com"),
    ("see https://grafana.acme.com/d/1?x=2 now", "https://grafana.acme.com/d/1?x=2"),
    ("https://wiki/runbook", "https://wiki/runbook"),
    ("http://10.0.3.4:8080/health", "http://10.0.3.4:8080/health"),
    ("https://acme.slack.com/archives/C1", "https://acme.slack.com/archives/C1"),
    ("host 10.12.0.4 was full", "10.12.0.4"),
    ("reached 2001:db8::1 again", "2001:db8::1"),
    ("db-prod-03 was full", "db-prod-03"),
    ("web01 restarted", "web01"),
    ("checkout.svc.cluster.local timed out", "checkout.svc.cluster.local"),
    ("pods checkout-7d9f8b6c5d-x2x9z", "checkout-7d9f8b6c5d-x2x9z"),
    ("ip-10-0-3-4 is gone", "ip-10-0-3-4"),
    ("cluster checkout-prod", "checkout-prod"),
    ("key AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("password=hunter22", "password=hunter22"),
    ("Authorization: Bearer abcdefgh12345678", "Bearer abcdefgh12345678"),
    ("ghp_abcdefghijklmnopqrstuv", "ghp_abcdefghijklmnopqrstuv"),
]
CLEAN = [
    "Some customers saw errors at checkout from 14:02 to 14:26 UTC.",
    "Updates: https://status.acme.com/incidents/42",
    "Write to support@acme.com",
    "Version 2.4.1.0 is available; version 10.2.0.1 follows.",
    "Customers in eu-west-1 and us-east-1 were affected.",
    "The recovery took until 14:02:31.",
    "About 12.5 % of requests failed (1,200 of 9,600).",
    "We follow ISO-8601, and UTF-8; SEV-1 was declared on 2026-03-12.",
    "The app and the API are healthy; web3 wallets too.",
    "Non-production environments were not affected.",
    "Your password was not exposed.",
]


@pytest.mark.parametrize(("text", "words"), LEAKS)
def test_machines_addresses_secrets_and_inner_links_are_found(text: str, words: str) -> None:
    findings = leaks_in(text)
    assert [finding.match for finding in findings] == [words]
    assert findings[0].family is Family.LEAK


@pytest.mark.parametrize("text", CLEAN)
def test_what_customers_may_read_is_left_alone(text: str) -> None:
    assert leaks_in(text) == []


def test_a_pasted_line_without_end_takes_no_long_time() -> None:
    began = time.perf_counter()
    for part in ("a-", "a.", "db-", "1234567890"):
        leaks_in(part * 2_000)
    assert time.perf_counter() - began < 5
