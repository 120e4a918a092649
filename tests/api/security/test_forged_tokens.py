"""More than 150 forged tokens against every route: 401, the same bytes for each."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import anyio
import pytest

from forged import Forge, forged
from house import House

sys.path.insert(0, str(Path(__file__).parent))
from asgi import ask
from routes import Route, routes

from omnix.api import create_app
from omnix.auth.tokens import Kind


@pytest.fixture(scope="module")
def guarded() -> list[Route]:
    return [route for route in routes() if not route.is_public]


def forge_of(house: House) -> Forge:
    """Forges tokens for a session that lives, with the key that signs: only the trick is wrong."""
    admin = house.admin()
    tokens = house.accounts.parts.tokens
    genuine = admin.headers["Authorization"].removeprefix("Bearer ")
    claims = tokens.read(genuine, Kind.ACCESS)
    return Forge(tokens, tokens._keys.newest(), claims.subject, claims.session)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
@pytest.mark.slow
def test_no_forged_token_opens_any_route(house: House, guarded: list[Route]) -> None:
    forge = forge_of(house)
    tricks = forged(forge)
    assert len(tricks) >= 150
    app = create_app(service=house.service)
    opened: list[tuple[str, str, int]] = []
    bodies: dict[str, Counter[bytes]] = {route.name: Counter() for route in guarded}

    async def try_all() -> None:
        for name, token in tricks.items():
            for route in guarded:
                answer = await ask(app, route.method, route.address, token)
                bodies[route.name][answer.seen] += 1
                if answer.status != 401:
                    opened.append((name, route.name, answer.status))

    anyio.run(try_all)
    assert opened == []
    assert {name: len(found) for name, found in bodies.items() if len(found) != 1} == {}


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_the_genuine_token_does(house: House, guarded: list[Route]) -> None:
    """Else the test above would be content with a door that is never opened."""
    forge = forge_of(house)
    app = create_app(service=house.service)
    reading = [route for route in guarded if route.method == "GET" and "{" not in route.path]

    async def try_all() -> dict[str, int]:
        return {r.name: (await ask(app, "GET", r.address, forge.genuine)).status for r in reading}

    found = anyio.run(try_all)
    assert found["GET /api/v1/user/profile"] == 200
    assert 401 not in found.values()


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_no_answer_repeats_the_token(house: House) -> None:
    guest = house.guest()
    for token in ("<script>alert(1)</script>", "omx_" + "A" * 43, "a.b.c"):
        guest.headers["Authorization"] = f"Bearer {token}"
        answer = guest.get("/user/profile")
        assert answer.status_code == 401
        assert token not in answer.text


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "header",
    ["Basic YWRhOmFkYQ==", "Bearer", "bearer", "Token {}", "Bearer {} {}", "Bearer\t{}",
     "Digest {}", "{}", "Bearer Bearer {}", "Bearer {},{}"],
)  # fmt: skip
def test_other_schemes_are_none(house: House, header: str) -> None:
    admin = house.admin()
    token = admin.headers["Authorization"].removeprefix("Bearer ")
    guest = house.guest()
    guest.headers["Authorization"] = header.replace("{}", token)
    assert guest.get("/user/profile").status_code == 401


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_token_in_the_address_or_a_cookie_is_none(house: House) -> None:
    admin = house.admin()
    token = admin.headers["Authorization"].removeprefix("Bearer ")
    guest = house.guest()
    guest.cookies.set("access_token", token)
    guest.cookies.set("Authorization", f"Bearer {token}")
    assert guest.get("/user/profile").status_code == 401
    assert guest.get("/user/profile", params={"access_token": token}).status_code in {401, 422}


@pytest.mark.parametrize("house", ["sqlite", "postgresql"], indirect=True)
def test_a_good_signature_without_a_living_session_is_nobody(house: House) -> None:
    forge = forge_of(house)
    guest = house.guest()
    for name in ("sub", "sid"):
        for other in ("00000000-0000-0000-0000-000000000000", "' or 1=1 --", "a\u0000b", "x" * 500):
            guest.headers["Authorization"] = f"Bearer {forge.with_claims(**{name: other})}"
            assert guest.get("/user/profile").status_code == 401, (name, other)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_somebody_elses_session_is_nobodys(house: House) -> None:
    """Subject and session must belong together, whatever is signed."""
    noa = house.join("noa@shop.example")
    profile = noa.get("/user/profile").json()
    guest = house.guest()
    guest.headers["Authorization"] = f"Bearer {forge_of(house).with_claims(sub=profile['id'])}"
    assert guest.get("/user/profile").status_code == 401


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_keys_rotate_without_a_refusal_and_the_old_one_ends(house: House) -> None:
    admin = house.admin()
    ring = house.accounts.parts.tokens._keys
    for _ in range(2):
        house.later(minutes=7)
        ring.rotate()
        assert admin.get("/user/profile").status_code == 200
        admin.keep(admin.post("/auth/refresh", json={"refreshToken": admin.refresh_token}))
    assert len(ring.ids()) == 3
    house.later(hours=2)
    assert len(ring.ids()) == 1
    admin.keep(admin.post("/auth/refresh", json={"refreshToken": admin.refresh_token}))
    assert admin.get("/user/profile").status_code == 200
