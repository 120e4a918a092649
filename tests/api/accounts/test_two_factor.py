"""The second factor over the API."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from house import PASSWORD, Guest, House

EMAIL = "noa@shop.example"


class Phone:
    """An authenticator app."""

    def __init__(self, house: House, secret: str) -> None:
        self.house, self.totp = house, pyotp.TOTP(secret)

    def code(self) -> str:
        """A code that was never shown before: half a minute later than the last."""
        self.house.later(seconds=30)
        return self.totp.at(self.house.clock.now)


def switched_on(house: House, guest: Guest) -> tuple[Phone, list[str]]:
    given = guest.post("/user/two-factor").json()
    phone = Phone(house, given["secret"])
    answer = guest.post("/user/two-factor/confirm", json={"code": phone.code()})
    assert answer.status_code == 200, answer.text
    return phone, answer.json()["recoveryCodes"]


def challenged(house: House, guest: Guest) -> str:
    answer = guest.sign_in(EMAIL)
    assert answer.status_code == 200
    given = answer.json()
    assert given["twoFactorRequired"] is True
    assert given["accessToken"] is given["refreshToken"] is given["user"] is None
    return str(given["challenge"])


def test_what_the_app_reads(house: House) -> None:
    given = house.join(EMAIL).post("/user/two-factor").json()
    assert given["uri"].startswith("otpauth://totp/omnix:noa%40shop.example?secret=")
    assert given["secret"] in given["uri"]
    assert given["qrSvg"].startswith("<svg")


def test_on_challenge_code_in(house: House) -> None:
    noa = house.join(EMAIL)
    phone, codes = switched_on(house, noa)
    assert len(codes) == 10
    assert noa.get("/user/profile").json()["twoFactorEnabled"] is True
    assert "two-factor" in house.letters(EMAIL)[-1].subject
    guest = house.guest()
    challenge = challenged(house, guest)
    guest.keep(guest.post("/auth/two-factor", json={"challenge": challenge, "code": phone.code()}))
    assert guest.get("/user/profile").status_code == 200


def test_it_is_not_on_before_the_first_code(house: House) -> None:
    noa = house.join(EMAIL)
    noa.post("/user/two-factor")
    wrong = noa.post("/user/two-factor/confirm", json={"code": "000000"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "code"
    assert house.guest().sign_in(EMAIL).json()["twoFactorRequired"] is False


def test_a_code_is_good_once(house: House) -> None:
    phone, _ = switched_on(house, house.join(EMAIL))
    guest, code = house.guest(), phone.code()
    body = {"challenge": challenged(house, guest), "code": code}
    assert guest.post("/auth/two-factor", json=body).status_code == 200
    body["challenge"] = challenged(house, house.guest())
    assert guest.post("/auth/two-factor", json=body).status_code == 401


def test_a_challenge_is_good_once_for_five_minutes_and_is_no_token(house: House) -> None:
    phone, _ = switched_on(house, house.join(EMAIL))
    guest = house.guest()
    challenge = challenged(house, guest)
    guest.headers["Authorization"] = f"Bearer {challenge}"
    assert guest.get("/user/profile").status_code == 401
    del guest.headers["Authorization"]
    for status in (200, 401):
        body = {"challenge": challenge, "code": phone.code()}
        assert guest.post("/auth/two-factor", json=body).status_code == status
    challenge = challenged(house, house.guest())
    house.later(minutes=5)
    body = {"challenge": challenge, "code": phone.code()}
    assert guest.post("/auth/two-factor", json=body).status_code == 401


def test_a_recovery_code_is_good_once(house: House) -> None:
    _, codes = switched_on(house, house.join(EMAIL))
    for status in (200, 401):
        guest = house.guest()
        body = {"challenge": challenged(house, guest), "code": codes[3].upper().replace("-", " ")}
        assert guest.post("/auth/two-factor", json=body).status_code == status


def test_new_recovery_codes_end_the_old_ones(house: House) -> None:
    noa = house.join(EMAIL)
    _, old = switched_on(house, noa)
    refused = noa.post("/user/two-factor/recovery-codes", json={"password": "not this one"})
    assert refused.status_code == 422
    answer = noa.post("/user/two-factor/recovery-codes", json={"password": PASSWORD})
    new = answer.json()["recoveryCodes"]
    assert not set(new) & set(old)
    for code, status in ((old[0], 401), (new[0], 200)):
        guest = house.guest()
        body = {"challenge": challenged(house, guest), "code": code}
        assert guest.post("/auth/two-factor", json=body).status_code == status


def test_switching_off_needs_password_and_code(house: House) -> None:
    noa = house.join(EMAIL)
    phone, _ = switched_on(house, noa)
    for password, code in (("not this one", phone.code()), (PASSWORD, "000000")):
        answer = noa.post("/user/two-factor/disable", json={"password": password, "code": code})
        assert answer.status_code == 422
    body = {"password": PASSWORD, "code": phone.code()}
    assert noa.post("/user/two-factor/disable", json=body).status_code == 200
    assert house.guest().sign_in(EMAIL).json()["twoFactorRequired"] is False


def test_guessing_codes_is_stopped_and_the_live_session_goes_on(house: House) -> None:
    noa = house.join(EMAIL)
    phone, _ = switched_on(house, noa)
    guest = house.guest()
    challenge = challenged(house, guest)
    statuses = [
        guest.post("/auth/two-factor", json={"challenge": challenge, "code": "000000"}).status_code
        for _ in range(7)
    ]
    assert statuses == [401] * 5 + [429] * 2
    body = {"challenge": challenge, "code": phone.code()}
    assert guest.post("/auth/two-factor", json=body).status_code == 429
    assert noa.get("/user/profile").status_code == 200
    house.clock.now += timedelta(minutes=16)
    body = {"challenge": challenged(house, guest), "code": phone.code()}
    assert guest.post("/auth/two-factor", json=body).status_code == 200


def test_the_secret_is_kept_sealed(house: House) -> None:
    from sqlalchemy import select

    from omnix.store.models import User

    noa = house.join(EMAIL)
    secret = noa.post("/user/two-factor").json()["secret"]
    with house.service.store.reading() as session:
        kept = session.scalar(select(User.totp_secret).where(User.email == EMAIL))
    assert kept
    assert secret not in (kept if isinstance(kept, str) else kept.decode("latin-1"))


@pytest.mark.parametrize("code", ["", "12345", "x" * 64, "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_what_is_no_code(house: House, code: str) -> None:
    noa = house.join(EMAIL)
    switched_on(house, noa)
    guest = house.guest()
    body = {"challenge": challenged(house, guest), "code": code}
    assert guest.post("/auth/two-factor", json=body).status_code == 401
