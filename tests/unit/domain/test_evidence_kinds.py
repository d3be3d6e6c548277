import pytest

from app.domain.evidence import EvidenceKind
from app.domain.evidence_kinds import checked_link, is_link, kind_of_file, kind_of_link


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/acme/shop/pull/42", EvidenceKind.PR_COMMIT),
        ("https://gitlab.com/acme/shop/-/merge_requests/7", EvidenceKind.PR_COMMIT),
        ("https://github.com/acme/shop/issues/42", EvidenceKind.TICKET),
        ("https://acme.atlassian.net/browse/OPS-42", EvidenceKind.TICKET),
        ("https://grafana.acme.example/d/abc/checkout?from=1", EvidenceKind.DASHBOARD),
        ("https://app.datadoghq.com/logs?query=5xx", EvidenceKind.LOG_QUERY),
        ("https://acme.slack.com/archives/C1/p1", EvidenceKind.CHAT),
        ("https://acme.pagerduty.com/incidents/Q1", EvidenceKind.ALERT),
        ("https://status.acme.example/incidents/1", EvidenceKind.STATUS_PAGE),
        ("https://www.githubstatus.com/incidents/1", EvidenceKind.STATUS_PAGE),
        ("https://github.com/acme/shop", None),
        ("https://notgithub.com/acme/shop/pull/42", None),
        ("https://wiki.acme.example/grafana/d/abc", None),
    ],
)
def test_what_a_link_leads_to_is_told_only_where_it_is_sure(
    url: str, kind: EvidenceKind | None
) -> None:
    assert kind_of_link(url) == kind


def test_a_picture_and_a_recording_show_in_their_names() -> None:
    assert kind_of_file("Shot 1.PNG") is EvidenceKind.SCREENSHOT
    assert kind_of_file("call.mp3") is EvidenceKind.AUDIO
    assert kind_of_file("query.csv") is None


def test_an_address_is_told_from_a_file() -> None:
    assert is_link("https://x.example")
    assert is_link("javascript://x")
    assert not is_link("C:\\shots\\1.png")
    assert not is_link("shots/1.png")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("javascript://alert(1)", "https"),
        ("file:///etc/passwd", "https"),
        ("https://", "https"),
        ("https://a b", "https"),
        ("https://[::1", "no address"),
        ("https://ops:hunter2@grafana.example/d/1", "password"),
    ],
)
def test_an_address_that_must_not_stand_in_a_record_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as told:
        checked_link(typed)
    assert reason != "password" or "hunter2" not in str(told.value)
