"""Commands that look after the installation and the files: doctor, verify, bench."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import CommandContext
from app.cli.doctor import Check, CheckState, run_checks, versions
from app.domain.encoding import to_json_values
from app.domain.errors import EnvironmentMissingError
from app.services.bundle.reading import BundleVerification
from app.services.pack.reading import PackVerification
from app.services.pack.signature import read_fingerprint
from app.services.verification import IncidentVerification

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.ids import SessionId
    from app.domain.sessions import ClockEvent

FINDINGS, MISSING = 1, 3
PROVEN_BY_PACKS = ("pack", "pdf")
UNSIGNED = (
    "Nobody signed it: it is whole, but who made it is not proven, for anybody can make one anew. "
    "Compare the manifest's hash with the printed first page, or one that you got another way."
)
SIGNED = (
    "Signed by {0}. That proves who vouches for it, if the fingerprint is theirs, and not that "
    "what it says is true."
)
CHECKOUT = Path(__file__).parents[2]
MARKS = {CheckState.OK: "✓", CheckState.WARN: "!", CheckState.FAIL: "✗"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("doctor")(doctor)
    app.command("verify")(verify)
    app.command("bench")(bench)


def doctor(context: typer.Context) -> None:
    """Say what works on this machine, what does not, and how to mend it."""
    work: CommandContext = context.obj
    checks = run_checks(work)
    failed = any(check.state is CheckState.FAIL for check in checks)
    work.output.document(
        {
            "ok": not failed,
            "checks": [to_json_values(check) for check in checks],
            "versions": versions(),
        }
    )
    work.output.table(["", "what", "detail"], [_line(check) for check in checks])
    for check in checks:
        if check.remedy:
            work.output.say(f"{check.name}: {check.remedy}")
    if failed:
        raise typer.Exit(MISSING)


def _line(check: Check) -> list[str]:
    return [MARKS[check.state], check.name, check.detail]


def verify(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="PATH|ID", help="A pack, a PDF beside its pack, a bundle, or an incident."
        ),
    ],
    key: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="The key that must have signed a pack.")
    ] = "",
) -> None:
    """Compare a pack or a bundle with its list, or an incident's files with their hashes.

    A file of that name goes before an incident whose id begins so.
    """
    work: CommandContext = context.obj
    path = Path(what)
    signed_by = _fingerprint(key)
    events: tuple[tuple[SessionId, ClockEvent], ...] = ()
    if not (path.is_file() or path.suffix or len(path.parts) > 1):
        _refuse_key(key)
        outcome = work.program.verification.incident(work.incident(what))
        shown, events = _incident(outcome), outcome.clock_events
    elif work.program.verification.is_bundle(path):
        _refuse_key(key)
        with work.showing_progress():
            bundle = work.program.verification.bundle(path)
        shown, events = _bundle(bundle), bundle.clock_events
    else:
        with work.showing_progress():
            shown = _pack(work.program.verification.pack(path, signed_by=signed_by))
    work.output.document(shown)
    for problem in shown["problems"]:
        detail = f" ({problem['detail']})" if problem.get("detail") else ""
        work.output.say(f"{problem['reason']}: {problem['path']}{detail}")
    verdict = "all as recorded" if shown["ok"] else "NOT as recorded"
    work.output.say(f"{shown['files']} files, {shown['bytes']} bytes, {verdict}.")
    for path in shown["missing"]:
        work.output.say(f"not in it, since it was missing or changed when it was packed: {path}")
    for gap in shown["gaps"]:
        work.output.say(f"gap from {gap['start_ms']} to {gap['end_ms']} ms: {gap['reason']}")
    for _session_id, event in events:
        work.output.say(f"{event.words}; no position is affected")
    if shown["ok"] and shown["kind"] in PROVEN_BY_PACKS:
        _say_what_it_proves(work, shown)
    if not shown["ok"]:
        raise typer.Exit(FINDINGS)


def _fingerprint(key: str) -> str:
    try:
        return key and read_fingerprint(key)
    except ValueError as cause:
        raise typer.BadParameter(
            f"“{key}” is no fingerprint. Give the one that “hotwash sign-key show” prints to its "
            "owner: 32 hexadecimal digits."
        ) from cause


def _refuse_key(key: str) -> None:
    """Refuse a key where nothing is signed, lest what is whole be taken for signed."""
    if key:
        raise typer.BadParameter("Only evidence packs are signed. Leave --key out.")


def _say_what_it_proves(work: CommandContext, shown: dict[str, Any]) -> None:
    signature = shown["signature"]
    work.output.say(f"manifest {shown['manifest_sha256']}")
    if signature is None:
        work.output.say(UNSIGNED)
    else:
        work.output.say(SIGNED.format(signature["fingerprint"]))


def _clock_events(events: Iterable[tuple[SessionId, ClockEvent]]) -> list[dict[str, Any]]:
    return [{"session_id": where, **to_json_values(event)} for where, event in events]


def _incident(outcome: IncidentVerification) -> dict[str, Any]:
    return {
        "kind": "incident",
        "ok": outcome.ok,
        "files": outcome.files,
        "bytes": outcome.bytes,
        "problems": [{"path": path, "reason": reason} for path, reason in outcome.problems],
        "gaps": [to_json_values(gap) for gap in outcome.gaps],
        "clock_events": _clock_events(outcome.clock_events),
        "missing": [],
        "manifest_sha256": None,
        "chain_head": outcome.chain_heads[-1] if outcome.chain_heads else None,
        "signature": None,
    }


def _bundle(outcome: BundleVerification) -> dict[str, Any]:
    return {
        "kind": "bundle",
        "ok": outcome.ok,
        "files": outcome.files,
        "bytes": outcome.bytes,
        "problems": [{"path": p.path, "reason": p.reason} for p in outcome.problems],
        "gaps": [to_json_values(gap) for gap in outcome.gaps],
        "clock_events": _clock_events(outcome.clock_events),
        "missing": list(outcome.missing),
        "manifest_sha256": outcome.manifest_sha256,
        "chain_head": outcome.chain_head,
        "signature": None,
    }


def _pack(outcome: PackVerification) -> dict[str, Any]:
    signature = outcome.signature
    return {
        "kind": outcome.kind,
        "ok": outcome.ok,
        "files": outcome.files,
        "bytes": outcome.bytes,
        "problems": [to_json_values(problem) for problem in outcome.problems],
        "gaps": [],
        "clock_events": [],
        "missing": list(outcome.missing),
        "manifest_sha256": outcome.manifest_sha256,
        "chain_head": outcome.chain_head,
        "signature": signature
        and {
            "fingerprint": signature.fingerprint,
            "public_key": signature.public_key,
            "valid": signature.valid,
        },
    }


def bench(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME…]")] = None,
    *,
    quick: Annotated[bool, typer.Option(help="Fewer runs.")] = False,
) -> None:
    """Run the benchmarks of a checkout, each against the plain library in the same run."""
    work: CommandContext = context.obj
    if not (CHECKOUT / "tests" / "bench").is_dir():
        raise EnvironmentMissingError(
            "The benchmarks are part of a checkout, which this is not.",
            remedy="Clone the repository and run “make bench” there.",
        )
    wanted = [*(names or []), *(["--quick"] if quick else [])]
    wanted += ["--json"] if work.output.as_json else []
    # Apart, since a benchmark must not measure what this process has loaded.
    command = [sys.executable, "-m", "tests.bench", *wanted]
    code = subprocess.run(command, cwd=CHECKOUT, check=False).returncode  # noqa: S603  our own
    if code:
        raise typer.Exit(code)
