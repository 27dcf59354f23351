"""How phones in the same network reach the pages: addresses, and a QR code of the first one."""

from __future__ import annotations

import io
import socket
import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address

#: Listens in every network that the computer is in.
EVERYWHERE = "0.0.0.0"
#: The request for the address of an interface, and the size of it (Linux, netdevice(7)).
_SIOCGIFADDR, _IFREQ = 0x8915, struct.Struct("256s")


def is_shared(host: str) -> bool:
    """Whether a dashboard that listens on ``host`` is reached from other computers."""
    if host == "localhost":
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True  # a name that the network gave


def share_urls(host: str, port: int) -> list[str]:
    """What to type into a phone, the likeliest first; empty: nothing that a phone could reach."""
    if not is_shared(host):
        return []
    if host not in (EVERYWHERE, "::"):
        return [_url(host, port)]
    return [_url(address, port) for address in network_addresses()]


def network_addresses() -> list[str]:
    """IPv4 addresses of this computer in local networks, those of private networks first."""
    found = {IPv4Address(text) for text in (*_of_interfaces(), *_of_name())}
    usable = [one for one in found if not (one.is_loopback or one.is_unspecified)]
    return [str(one) for one in sorted(usable, key=lambda one: (one.is_link_local, one))]


def _of_interfaces() -> Iterator[str]:
    try:
        import fcntl

        names = socket.if_nameindex()
    except (ImportError, OSError):  # Windows; or a system that does not tell
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in names:
            try:
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, _IFREQ.pack(name.encode()[:15]))
            except OSError:  # it has none
                continue
            yield socket.inet_ntoa(answer[20:24])


def _of_name() -> Iterator[str]:
    try:
        _, _, addresses = socket.gethostbyname_ex(socket.gethostname())
    except OSError:
        return
    yield from addresses


def in_url(host: str) -> str:
    """A host as it stands in an address (RFC 3986, 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def _url(host: str, port: int) -> str:
    return f"http://{in_url(host)}/" if port == 80 else f"http://{in_url(host)}:{port}/"


def qr_of_terminal(url: str) -> str:
    """A QR code (ISO/IEC 18004) as lines of characters, two rows a line."""
    import segno  # only where somebody shares: a station that starts has no need of it

    out = io.StringIO()
    segno.make(url, error="m", micro=False).terminal(out, compact=True)
    return out.getvalue()


def qr_of_page(url: str) -> str:
    """The same as a ``data:`` URL of an SVG, dark on light whatever the page is."""
    import segno

    made = segno.make(url, error="m", micro=False)
    return str(made.svg_data_uri(scale=8, border=4, dark="#000", light="#fff"))
