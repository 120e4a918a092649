"""`omnix user`: accounts, from the machine itself. A password is never an argument."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from omnix.app.accounts import Accounts, Profile

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
RoleName = Annotated[str, typer.Argument(help="admin, manager, analyst or customer.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="People who may sign in, and what they may do.", no_args_is_help=True)
    for command in (add, role, disable, enable):
        group.command()(command)
    group.command("list")(list_users)
    group.command("setup-link")(setup_link)
    group.command("rotate-keys")(rotate_keys)
    app.add_typer(group, name="user")


def add(
    context: typer.Context,
    email: Email,
    name: Annotated[str, typer.Option(help="The person's name; the address unless given.")] = "",
    role: Annotated[str, typer.Option(help="admin, manager, analyst or customer.")] = "analyst",
    prompt: Annotated[
        bool, typer.Option("--prompt", help="Ask for the password here instead of giving a link.")
    ] = False,
) -> None:
    """Make an account, and print the link by which its owner chooses a password."""
    from omnix.cli.output import console

    with _accounts(context) as accounts:
        made = accounts.users.invite(email, name or email.partition("@")[0], role, by=None)
        if prompt:
            typed = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
            accounts.passwords.reset(made.link.rpartition("#token=")[2], typed)
            console.print(f"{made.user.email} is {made.user.role} and can sign in.", markup=False)
        else:
            console.print(f"{made.user.email} is {made.user.role}. The link to a password, good")
            console.print("once and for a day (the mail holds another way to it):")
            console.print(made.link, markup=False, soft_wrap=True)


def role(context: typer.Context, email: Email, new: RoleName) -> None:
    """Give an account another role; it counts from the next request on."""
    from omnix.cli.output import console

    with _accounts(context) as accounts:
        changed = accounts.users.change(accounts.users.find(email).id, role=new, by=None)
    console.print(f"{changed.email} is {changed.role}.", markup=False)


def disable(context: typer.Context, email: Email) -> None:
    """Shut an account: its sessions and keys end at once."""
    _switch(context, email, on=False)


def enable(context: typer.Context, email: Email) -> None:
    """Open an account that was shut."""
    _switch(context, email, on=True)


def list_users(
    context: typer.Context,
    search: Annotated[str | None, typer.Option(help="Part of a name or address.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the accounts, the newest first."""
    from omnix.cli.output import emit_json, print_rows, records

    columns = ("email", "name", "role", "active", "verified", "two-factor", "last sign-in (UTC)")
    with _accounts(context) as accounts:
        rows = [_row(each) for each in _everybody(accounts, search)]
    if json:
        emit_json(
            records(
                [
                    name.removesuffix(" (UTC)").replace(" ", "_").replace("-", "_")
                    for name in columns
                ],
                rows,
            )
        )
    else:
        print_rows(columns, [(*row[:-1], _moment(row[-1])) for row in rows])


def setup_link(context: typer.Context) -> None:
    """Print a link that makes the first administrator; the newest one works, once."""
    from omnix.cli.output import console

    with _accounts(context) as accounts:
        link = accounts.setup.link()
    console.print(link, markup=False, soft_wrap=True)


def rotate_keys(context: typer.Context) -> None:
    """Sign tokens with a new key from now on; old tokens stay good until they expire."""
    from omnix.app.app import App
    from omnix.auth.keys import KeyRing
    from omnix.cli.output import console

    ring = KeyRing(App.open(context.obj).settings.home / "keys" / "tokens")
    key = ring.rotate()
    console.print(f"Key {key.id} signs from now on; {len(ring.ids())} verify.", markup=False)


@contextmanager
def _accounts(context: typer.Context) -> Iterator[Accounts]:
    from omnix.app.service import Service

    service = Service.open(context.obj)
    try:
        yield service.accounts
    finally:
        service.close()


def _switch(context: typer.Context, email: str, *, on: bool) -> None:
    from omnix.cli.output import console

    with _accounts(context) as accounts:
        changed = accounts.users.change(accounts.users.find(email).id, is_active=on, by=None)
    console.print(f"{changed.email} {'may sign in again' if on else 'is shut'}.", markup=False)


def _everybody(accounts: Accounts, search: str | None) -> Iterator[Profile]:
    cursor = None
    while True:
        page = accounts.users.list(search=search, cursor=cursor, limit=200)
        yield from page.data
        cursor = page.next_cursor
        if cursor is None:
            return


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if isinstance(at, datetime) else "never"


def _row(user: Profile) -> tuple[object, ...]:
    return (
        user.email, user.name, user.role, user.is_active, user.email_verified,
        user.two_factor_enabled, user.last_login_at,
    )  # fmt: skip
