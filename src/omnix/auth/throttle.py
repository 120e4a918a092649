"""When somebody has tried too often: sliding windows over past failures, as pure decisions.

Failures are counted by account *and* address together, and by address alone. An account alone
is only ever closed to addresses from which nobody has signed in to it before: so an attacker
slows himself down, and cannot lock the owner out (OWASP ASVS 5.0 §6.1.1, PCI DSS 8.3.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True)
class Limit:
    """At most `attempts` within `window`."""

    attempts: int
    window: timedelta


@dataclass(frozen=True)
class Decision:
    """Whether one may try now; else after how many whole seconds."""

    allowed: bool
    retry_after: int = 0


ALLOWED = Decision(allowed=True)

#: Wrong passwords for one account from one address.
SIGN_IN_PAIR = Limit(10, timedelta(minutes=30))
#: Wrong passwords from one address, whatever the account: spraying.
SIGN_IN_ADDRESS = Limit(100, timedelta(minutes=30))
#: Wrong passwords for one account from addresses that never signed in to it.
SIGN_IN_ACCOUNT = Limit(50, timedelta(minutes=60))
#: Wrong second factors for one account: only who knows its password gets there.
SECOND_FACTOR = Limit(5, timedelta(minutes=15))
#: Mails of one kind to one recipient.
MAIL_RECIPIENT = Limit(3, timedelta(minutes=60))
#: Mails asked for from one address.
MAIL_ADDRESS = Limit(20, timedelta(minutes=60))
#: New accounts from one address.
REGISTER_ADDRESS = Limit(20, timedelta(minutes=60))
#: Wrong reset, verification, invitation and set-up tokens from one address.
TOKEN_ADDRESS = Limit(30, timedelta(minutes=30))
#: Wrong current passwords of one who is signed in.
CONFIRM_ACCOUNT = Limit(10, timedelta(minutes=30))


def decide(failures: Iterable[datetime], now: datetime, limit: Limit) -> Decision:
    """Whether one more try is allowed at `now`, given the moments of past failures.

    A failure counts until `limit.window` has passed since; moments after `now` count too, so that
    a clock set back opens nothing.
    """
    recent = sorted(moment for moment in failures if moment > now - limit.window)
    if len(recent) < limit.attempts:
        return ALLOWED
    frees = recent[len(recent) - limit.attempts] + limit.window
    return Decision(allowed=False, retry_after=max(1, ceil((frees - now).total_seconds())))


def strictest(decisions: Iterable[Decision]) -> Decision:
    """The one that keeps waiting longest; allowed only where all allow."""
    refused = [each for each in decisions if not each.allowed]
    return max(refused, key=lambda each: each.retry_after, default=ALLOWED)


def decide_sign_in(
    *,
    pair: Iterable[datetime],
    address: Iterable[datetime],
    account: Iterable[datetime],
    familiar: bool,
    now: datetime,
) -> Decision:
    """Whether a password may be tried now.

    Args:
        pair: Failures of this account from this address.
        address: Failures from this address, for any account.
        account: Failures of this account, from any address.
        familiar: Whether this account was signed in to from this address before; then others'
            failures do not count against it.
        now: This moment.

    """
    found = [decide(pair, now, SIGN_IN_PAIR), decide(address, now, SIGN_IN_ADDRESS)]
    if not familiar:
        found.append(decide(account, now, SIGN_IN_ACCOUNT))
    return strictest(found)
