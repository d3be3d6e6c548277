"""The command line: everything that can be done to an incident without looking at it.

Exit codes: 0 done; 1 refused or findings; 2 usage; 3 something in the environment is missing;
4 a bug (its traceback is in the log); 130 Ctrl-C.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import typer

from app.cli.output import Output
from app.domain.errors import AppError
from app.global_options import UsageProblem, split_global_options

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

DONE, USAGE, BUG, INTERRUPTED = 0, 2, 4, 130


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    # Whatever is logged before the data folder is known must not reach the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    output = Output(as_json=False)
    try:
        chosen, rest = split_global_options(arguments)
        output = Output(as_json=chosen.as_json)
        code = _run(rest, output, chosen.home, chosen.actor)
    except (UsageProblem, typer.TyperException) as problem:
        return _tell_usage(output, problem)
    except AppError as error:
        log.warning("%s", error, exc_info=error)
        output.error(str(error), remedy=error.remedy)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        return DONE
    except Exception as bug:  # the last boundary: a person gets a sentence, the log the rest
        log.exception("bug")
        output.error(
            f"Something went wrong inside Hotwash ({type(bug).__name__}: {bug}).",
            remedy="The log in the data folder has the details; please report it.",
        )
        return BUG
    if code == INTERRUPTED:  # typer, too, turns Ctrl-C into this code
        output.error("Stopped.", remedy="What was stored is kept.")
    return code


def _tell_usage(output: Output, problem: Exception) -> int:
    text = str(problem)
    if isinstance(problem, typer.TyperException):
        text = problem.format_message().replace("Value error, ", "")  # pydantic's, inside typer
    context = getattr(problem, "ctx", None)  # which command, where the problem knows it
    where = context.command_path if isinstance(context, typer.Context) else "hotwash"
    output.error(text, remedy=f"See “{where} --help”.")
    return USAGE


def _run(arguments: Sequence[str], output: Output, home: str, actor: str) -> int:
    from app.cli.commands import run_command  # noqa: PLC0415  Ctrl-C and bad usage come first
    from app.cli.context import CommandContext  # noqa: PLC0415  as above

    with CommandContext(output, home=home, actor=actor) as context:
        return run_command(arguments, context)
