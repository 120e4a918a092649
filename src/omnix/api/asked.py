"""What a request says before anybody reads its body."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True)
class Asked:
    """A request's head, as far as everything before the routes needs it."""

    method: str
    path: str
    query: str
    token: str
    etags: bytes
    encodings: bytes
    accept: str
    content_type: str
    length: int | None
    request_id: str
    address: str

    @classmethod
    def of(cls, scope: Scope, proxies: Sequence[Network] = ()) -> Asked:
        """Read a scope of ASGI."""
        headers = headers_of(scope)
        length = headers.get(b"content-length", b"")
        given = headers.get(b"x-request-id", b"")
        return cls(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            token=token_of(headers),
            etags=headers.get(b"if-none-match", b""),
            encodings=headers.get(b"accept-encoding", b""),
            accept=headers.get(b"accept", b"").decode("latin-1"),
            content_type=headers.get(b"content-type", b"").decode("latin-1").lower(),
            length=int(length) if length.isdigit() else None,
            request_id=given.decode() if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex,
            address=client_address(scope, headers.get(b"x-forwarded-for", b""), proxies),
        )


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """The headers of a request; the first of a name counts."""
    return dict(reversed(scope["headers"]))


def token_of(headers: Mapping[bytes, bytes]) -> str:
    """The bearer token or API key of a request; empty: none."""
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    found = token.strip() if scheme.lower() == b"bearer" else headers.get(b"x-api-key", b"")
    return found.decode("latin-1")


def client_address(scope: Scope, forwarded: bytes, proxies: Sequence[Network]) -> str:
    """Who is at the other end; what a proxy says counts only if it is one of ours.

    From the right, the first address that is not ours: all to its left can be made up.
    """
    address = str((scope.get("client") or ("",))[0])
    for hop in reversed(forwarded.decode("latin-1").split(",") if forwarded else []):
        if not _within(address, proxies):
            break
        address = hop.strip()
    return address if _is_address(address) else ""


def networks(listed: str) -> list[Network]:
    """The networks of a setting, separated by commas."""
    return [ipaddress.ip_network(each.strip()) for each in listed.split(",") if each.strip()]


def _within(address: str, proxies: Sequence[Network]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in each for each in proxies)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
