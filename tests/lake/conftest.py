"""One lake in a folder and one in an object store on this machine; the same tests run on both."""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from urllib.request import Request, urlopen
from uuid import uuid4

import duckdb
import pytest

from omnix.lake import Lake

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


@pytest.fixture(scope="session")
def s3() -> Iterator[dict[str, str]]:
    """An S3 server with the bucket `lake`; gives the options that reach it."""
    from moto.s3.responses import S3Response
    from moto.server import ThreadedMotoServer

    # S3 decides "put if absent" atomically; moto looks first and writes later, in many threads.
    one_at_a_time, put = Lock(), S3Response.put_object

    def put_object(self):
        with one_at_a_time:
            return put(self)

    S3Response.put_object = put_object
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    with urlopen(Request(f"{url}/lake", method="PUT")):
        pass
    yield {"AWS_ENDPOINT_URL": url, "AWS_ALLOW_HTTP": "true", **KEYS}
    server.stop()
    S3Response.put_object = put


@pytest.fixture(params=["folder", "s3"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """An empty lake."""
    if request.param == "folder":
        return Lake(tmp_path / "lake")
    options = request.getfixturevalue("s3")
    return Lake(f"s3://lake/{uuid4().hex}", storage_options=options, cache=tmp_path / "cache")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in another time zone than UTC: nothing may depend on it."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'America/New_York'")
        yield connection
