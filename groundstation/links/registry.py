"""Links by the scheme of their URL."""

from __future__ import annotations

from collections.abc import Callable

from decoders.suggest import nearest
from groundstation.errors import LinkUrlError
from groundstation.links.link import Opener
from groundstation.links.replay import ReplayOpener
from groundstation.links.serial import SerialOpener
from groundstation.links.spelling import misspelt
from groundstation.links.tcp import TcpOpener

#: Scheme -> class that takes the URL. A bare device (``/dev/ttyUSB0``, ``COM3``) has none.
OPENERS: dict[str, Callable[[str], Opener]] = {
    "": SerialOpener,
    "alt": SerialOpener,
    "file": ReplayOpener,
    "hwgrep": SerialOpener,
    "loop": SerialOpener,
    "rfc2217": SerialOpener,
    "socket": TcpOpener,
    "spy": SerialOpener,
    "tcp": TcpOpener,
}


def opener(url: str) -> Opener:
    """What opens ``url``; raises LinkUrlError when it is wrong."""
    if hint := misspelt(url):
        raise LinkUrlError(f"{url or '(empty)'}: {hint}")
    scheme = url.split("://")[0].lower() if "://" in url else ""
    if scheme not in OPENERS:
        hint = nearest(scheme, filter(None, OPENERS))
        raise LinkUrlError(f"{url}: there is no link of the kind {scheme}://; {hint}")
    return OPENERS[scheme](url)
