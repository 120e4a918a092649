"""Many at the same moment: what works once works for exactly one of them."""

from __future__ import annotations

import httpx
import pyotp

from house import ADMIN, PASSWORD, House, secret_in, together

EMAIL = "noa@shop.example"
NEW = "eleven quiet harbours at dusk"


def statuses(answers: list[httpx.Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def test_twenty_refreshes_with_one_token_give_one_session(house: House) -> None:
    token = house.join(EMAIL).refresh_token
    guests = [house.guest() for _ in range(20)]
    answers = together(20, lambda n: guests[n].post("/auth/refresh", json={"refreshToken": token}))
    assert statuses(answers) == [200] + [401] * 19
    [winner] = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    guests[winner].keep(answers[winner])
    assert guests[winner].get("/user/profile").status_code == 200


def test_fifty_redemptions_of_one_reset_link_give_one_password(house: House) -> None:
    house.join(EMAIL)
    house.guest().post("/auth/forgot-password", json={"email": EMAIL})
    token = house.secret(EMAIL)
    guests = [house.guest(f"198.51.100.{n}") for n in range(50)]

    def redeem(n: int) -> httpx.Response:
        body = {"token": token, "newPassword": f"{NEW} {n}"}
        return guests[n].post("/auth/reset-password", json=body)

    answers = together(50, redeem)
    assert statuses(answers) == [200] + [401] * 49
    [winner] = [n for n, answer in enumerate(answers) if answer.status_code == 200]
    assert guests[winner].sign_in(EMAIL, f"{NEW} {winner}").status_code == 200
    assert len(house.audit("account.password_reset")) == 2, "the invitation, and this one"


def test_one_verification_makes_one_account(house: House) -> None:
    body = {"email": EMAIL, "password": PASSWORD, "name": "Noa"}
    house.guest().post("/auth/register", json=body)
    token = house.secret(EMAIL)
    guests = [house.guest(f"198.51.100.{n}") for n in range(20)]
    answers = together(20, lambda n: guests[n].post("/auth/verify-email", json={"token": token}))
    assert statuses(answers) == [200] + [401] * 19
    assert len(house.accounts.users.list(search=EMAIL).data) == 1


def test_many_registrations_of_one_address_end_as_one_account(house: House) -> None:
    guests = [house.guest(f"198.51.100.{n}") for n in range(10)]
    body = {"email": EMAIL, "password": PASSWORD, "name": "Noa"}
    answers = together(10, lambda n: guests[n].post("/auth/register", json=body))
    assert statuses(answers) == [201] * 10
    links = [secret_in(letter.text) for letter in house.letters(EMAIL)]
    answers = together(
        len(links), lambda n: guests[n].post("/auth/verify-email", json={"token": links[n]})
    )
    found = statuses(answers)
    assert found[0] == 200
    assert set(found[1:]) == {401}
    assert len(house.accounts.users.list(search=EMAIL).data) == 1


def test_one_code_of_the_second_factor_opens_one_session(house: House) -> None:
    noa = house.join(EMAIL)
    totp = pyotp.TOTP(noa.post("/user/two-factor").json()["secret"])
    noa.post("/user/two-factor/confirm", json={"code": totp.at(house.clock.now)})
    house.later(seconds=30)
    guest = house.guest()
    challenge = guest.sign_in(EMAIL).json()["challenge"]
    body = {"challenge": challenge, "code": totp.at(house.clock.now)}
    guests = [house.guest() for _ in range(4)]
    answers = together(4, lambda n: guests[n].post("/auth/two-factor", json=body))
    assert statuses(answers) == [200] + [401] * 3


def test_one_recovery_code_opens_one_session(house: House) -> None:
    noa = house.join(EMAIL)
    totp = pyotp.TOTP(noa.post("/user/two-factor").json()["secret"])
    answer = noa.post("/user/two-factor/confirm", json={"code": totp.at(house.clock.now)})
    body = {
        "challenge": house.guest().sign_in(EMAIL).json()["challenge"],
        "code": answer.json()["recoveryCodes"][0],
    }
    guests = [house.guest() for _ in range(4)]
    answers = together(4, lambda n: guests[n].post("/auth/two-factor", json=body))
    assert statuses(answers) == [200] + [401] * 3


def test_two_administrators_cannot_demote_each_other_at_once(house: House) -> None:
    one, two = house.admin(), house.join(EMAIL, "admin")
    ids = [each.get("/user/profile").json()["id"] for each in (two, one)]
    answers = together(
        2, lambda n: (one, two)[n].patch(f"/admin/users/{ids[n]}", json={"role": "analyst"})
    )
    assert 200 in statuses(answers)
    admins = [user for user in house.accounts.users.list(role="admin").data if user.is_active]
    assert len(admins) >= 1


def test_wrong_passwords_at_the_same_moment_are_all_counted(house: House) -> None:
    guests = [house.guest("198.51.100.7") for _ in range(30)]
    answers = together(30, lambda n: guests[n].sign_in(ADMIN, f"not this one {n}"))
    assert statuses(answers) == [401] * 10 + [429] * 20
    assert house.guest("198.51.100.7").sign_in(ADMIN).status_code == 429


def test_the_log_is_whole_after_many_wrote_at_once(house: House) -> None:
    guests = [house.guest(f"198.51.100.{n}") for n in range(20)]
    together(20, lambda n: guests[n].sign_in(ADMIN))
    assert house.accounts.audit.chain.check().is_whole
    assert len(house.audit("session.begun")) >= 20
