"""Requests that are tried again when that may help, and errors in words."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from omnix.client.errors import ApiError, NotReachableError

#: The service says these before it has done anything.
_AGAIN = frozenset({429, 503})
_PREFIX = "/api/v1"


class Http:
    """One connection pool and who is asking.

    `tries`: how often a request is sent at most; between two of them it waits as long as the
    service says, else twice as long each time. Requests that change something are sent again
    only when the service has refused them or was never reached.
    """

    def __init__(
        self, client: httpx.Client, *, tries: int = 4, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._client, self._tries, self._sleep = client, max(tries, 1), sleep
        self._refresh_token = ""

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def sign_in(self, email: str, password: str) -> None:
        """Begin a session; it is renewed by itself."""
        given = {"email": email, "password": password}
        told = self.json("POST", "/auth/login", body=given)
        if told.get("twoFactorRequired"):
            raise ApiError(401, {"detail": "This account has two-factor sign-in.", "step": "Use an API key."})  # fmt: skip
        self._keep(told)

    def json(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, body: Any = None
    ) -> Any:
        """The JSON of an answer.

        Raises:
            ApiError: the service answered with a problem.
            NotReachableError: it did not answer.

        """
        return self.send(method, path, params=params, json=body).json()

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """An answer, read to its end."""
        request = {key: value for key, value in more.items() if value is not None}
        with self.stream(method, path, **request) as response:
            response.read()
            return response

    @contextmanager
    def stream(self, method: str, path: str, **request: Any) -> Iterator[httpx.Response]:
        """An answer that is read piece by piece."""
        renewed = False
        for attempt in range(1, self._tries + 1):
            try:
                with self._client.stream(method, _PREFIX + path, **request) as response:
                    if response.is_success:
                        yield response
                        return
                    response.read()
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if attempt == self._tries:
                    raise NotReachableError(f"{self._client.base_url} does not answer: {error}") from error  # fmt: skip
                self._sleep(_pause(attempt, None))
                continue
            if response.status_code == 401 and self._refresh_token and not renewed:
                renewed = True
                self._renew()
            elif response.status_code not in _AGAIN or attempt == self._tries:
                raise _problem(response)
            else:
                self._sleep(_pause(attempt, response.headers.get("retry-after")))
        raise _problem(response)

    def _renew(self) -> None:
        token, self._refresh_token = self._refresh_token, ""
        self._client.headers.pop("authorization", None)
        self._keep(self.json("POST", "/auth/refresh", body={"refreshToken": token}))

    def _keep(self, told: Mapping[str, Any]) -> None:
        self._refresh_token = str(told.get("refreshToken") or "")
        self._client.headers["authorization"] = f"Bearer {told['accessToken']}"


def _pause(attempt: int, asked: str | None) -> float:
    """Seconds to wait: as asked for, else 0.25, 0.5, 1 … give or take, so that many do not come at once."""
    if asked and asked.isdigit():
        return min(float(asked), 60.0)
    return 0.25 * 2.0 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def _problem(response: httpx.Response) -> ApiError:
    try:
        told = response.json()
    except ValueError:
        told = {}
    return ApiError(response.status_code, told if isinstance(told, dict) else {})
