"""omnix from a Python program: `with Client("http://127.0.0.1:8000", api_key="omx_…") as shop: …`

It needs nothing of omnix but httpx (and pyarrow for `.arrow()`).
"""

from omnix.client._client import Client
from omnix.client.errors import ApiError, NotReachableError
from omnix.client.runs import Event

__all__ = ["ApiError", "Client", "Event", "NotReachableError"]
