"""Through which proxy a host is reached: the settings' own, else what the environment says."""

from __future__ import annotations

import urllib.request
from urllib.parse import urlsplit


def proxy_for(url: str, chosen: str = "") -> str:
    """Return the proxy for a URL, empty if none; ``chosen`` goes before the environment's.

    Hosts that ``NO_PROXY`` names, such as those within the house, are reached without.
    """
    parts = urlsplit(url)
    proxies = urllib.request.getproxies()
    proxy = chosen or proxies.get(parts.scheme) or proxies.get("all") or ""
    return "" if urllib.request.proxy_bypass(parts.hostname or "") else proxy


def shown(proxy: str) -> str:
    """Return its host and port, without a name and password."""
    return proxy.rpartition("@")[2].rpartition("//")[2].rstrip("/")
