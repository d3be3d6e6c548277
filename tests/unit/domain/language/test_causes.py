import pytest

from app.domain.language.causes import blame_in
from app.domain.language.findings import Family

PEOPLE = ("Marcus", "Priya Shah")

HUMAN = [
    "Human error",
    "The cause was operator error during the failover",
    "user error",
    "Pilot error.",
    "human mistake in the config",
    "A fat-fingered command",
    "Carelessness during the deploy",
    "An inexperienced engineer on call",
]
FAILED = [
    "Marcus forgot to drain the node",
    "She failed to check the dashboard",
    "The on-call engineer missed the alert",
    "The DBA didn't verify the backup",
    "Engineers were paged but they ignored the runbook",
    "The platform team neglected the disk warnings",
    "We did not validate the input",
    "Priya Shah (SRE) overlooked the replica lag",
]
CAUSED = [
    "Marcus",
    "The platform team",
    "Priya Shah (SRE)",
    "Marcus broke the deploy",
    "Someone messed up the config",
    "The operator took down the cluster",
    "Marcus deleted the table",
    "Priya Shah\u2019s mistake",
    "Caused by the database team",
    "It went down because of Marcus.",
    "The network team is to blame",
]
ORDINARY = [
    "The connection pool had no alert",
    "The deploy pipeline allowed a migration without a lock timeout",
    "User error rate rose to 12 %",
    "User error messages did not name the cause",
    "The Kubernetes operator failed to reconcile the deployment",
    "Kubernetes operator error after the upgrade",
    "Users failed to log in for 24 minutes",
    "Health checks passed although they failed to test the pool",
    "Only Marcus had access to the failover console",
    "The alert was routed to Marcus, who was on leave",
    "IC decided to roll back",
    "A page fault in the driver crashed the kernel",
    "Both replicas share one fault domain",
    "The runbook did not name the owner of the queue",
    "The team's error budget was spent in January",
    "Retries caused a thundering herd",
    "The config change broke the parser",
    "The load balancer missed two health checks",
    "The team calendar had no rota for the holiday",
    "The certificate expired because nothing renews it",
    "On-call engineers are paged by a rule that ignores warnings",
    "Autopilot error budget policy was not applied",
    "The backup job failed to connect",
    "This was not human error: the tool accepted an empty list",
    "Ownership of the queue was split between two teams",
]


@pytest.mark.parametrize(
    ("text", "family"),
    [
        *((text, Family.HUMAN_ERROR) for text in HUMAN),
        *((text, Family.PERSON_FAILED) for text in FAILED),
        *((text, Family.PERSON_CAUSED) for text in CAUSED),
    ],
)
def test_a_slip_a_person_or_a_team_is_no_cause(text: str, family: Family) -> None:
    assert family in {finding.family for finding in blame_in(text, PEOPLE)}


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_causes_are_left_alone(text: str) -> None:
    assert blame_in(text, PEOPLE) == []


def test_a_finding_tells_the_words_their_place_and_line() -> None:
    text = "Pool exhausted.\nIt was 😀 human error."
    (finding,) = blame_in(text)
    assert text[finding.start : finding.end] == finding.match == "human error"
    assert finding.line == 2
    assert "allowed" in finding.suggestion


def test_a_name_is_a_person_only_where_the_record_knows_it() -> None:
    assert blame_in("Kestrel deleted the table") == []
    assert blame_in("Kestrel deleted the table", ["Kestrel"]) != []
