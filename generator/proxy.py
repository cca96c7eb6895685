"""The proxy that an address is asked for through, as the environment has it.

In: an address. Out: the proxy, or none. `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` are read as
other programs read them; where macOS or Windows keep such settings, those count too.
"""

from __future__ import annotations

import urllib.request
from base64 import b64encode
from urllib.parse import unquote, urlsplit

from msgspec import Struct


class Proxy(Struct, frozen=True):
    """Who asks a host for us."""

    name: str
    port: int
    #: What it wants to be told, such as who we are.
    headers: dict[str, str] = {}

    def __str__(self) -> str:
        return f"{self.name}:{self.port}"


def proxy_for(scheme: str, host: str, port: int | None) -> Proxy | None:
    """The proxy for a host; None where it is asked itself.

    Raises `OSError` where the settings name one of a kind that cannot be spoken to, or are no address.
    """
    settings = urllib.request.getproxies()
    written = settings.get(scheme) or settings.get("all", "")
    if not written or urllib.request.proxy_bypass(f"{host}:{port}" if port else host):
        return None
    parts = urlsplit(written if "://" in written else f"http://{written.lstrip('/')}")
    try:
        name, way = parts.hostname or "", parts.port or 80
    except ValueError:
        name, way = "", 0
    if not name:
        raise OSError(f"is to be asked for through a proxy whose address is none ({scheme}_proxy)")
    if parts.scheme != "http":
        raise OSError(
            f"is to be asked for through a proxy of the kind {parts.scheme}://, which is not known here; "
            f"name one that begins with http://, or the host in no_proxy"
        )
    who = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    told = {"Proxy-Authorization": f"Basic {b64encode(who.encode()).decode()}"} if who != ":" else {}
    return Proxy(name, way, told)
