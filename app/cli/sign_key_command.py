"""The command sign-key: the key that evidence packs are signed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from app.cli.context import CommandContext
from app.cli.passphrase import PassphraseFile, read_passphrase

if TYPE_CHECKING:
    from app.services.pack.signing import KnownKey


def register(app: typer.Typer) -> None:
    """Add the commands."""
    keys = typer.Typer(
        help="The key that evidence packs are signed with (Ed25519).", no_args_is_help=True
    )
    keys.command("create")(create)
    keys.command("show")(show)
    keys.command("forget")(forget)
    app.add_typer(keys, name="sign-key")


def create(context: typer.Context, passphrase_file: PassphraseFile = None) -> None:
    """Make a key, kept in the system's keyring, or in a file behind a passphrase."""
    work: CommandContext = context.obj
    _tell(work, work.program.signing_keys.create(read_passphrase(passphrase_file)))
    work.output.say(
        "Packs are signed with it from now on. Give the fingerprint to who checks them."
    )


def show(context: typer.Context) -> None:
    """Show the public half: who checks a pack compares its fingerprint."""
    work: CommandContext = context.obj
    _tell(work, work.program.signing_keys.known())


def forget(context: typer.Context) -> None:
    """Remove the key for good; what it has signed stays verifiable."""
    work: CommandContext = context.obj
    forgotten = work.program.signing_keys.forget()
    work.output.document({"forgotten": forgotten})
    work.output.say("The key is gone." if forgotten else "There was no key.")


def _tell(work: CommandContext, key: KnownKey | None) -> None:
    work.output.document(
        {
            "public_key": key and key.public_key,
            "fingerprint": key and key.fingerprint,
            "kept_in": key and key.kept_in,
        }
    )
    if key is None:
        work.output.say("There is no key. Make one with “hotwash sign-key create”.")
    else:
        work.output.say(f"fingerprint  {key.fingerprint}")
        work.output.say(f"public key   {key.public_key}")
        work.output.say(f"kept in      {key.kept_in}")
