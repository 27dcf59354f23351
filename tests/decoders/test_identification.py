"""Whose a frame is: by callsign, then by packet; never by guess."""

from decoders.decode import Decoder
from decoders.definition.parse import parse
from decoders.layers.registry import LAYERS


def definition(id: str, *, callsigns: str = "", match: str = "", layers: str = '["ax25"]') -> str:
    return f"""
[satellite]
name = "{id}"
callsigns = [{callsigns}]
[[downlinks]]
name = "beacon"
layers = {layers}
[[packets]]
name = "p"
match = {{ {match} }}
parameters = [ {{ name = "x", type = "u8" }} ]
"""


def decoder(*texts: tuple[str, str]) -> Decoder:
    return Decoder(parse(text, id=id) for id, text in texts)


def frame(source: str, payload: bytes, ssid: int = 0) -> bytes:
    return LAYERS["ax25"].wrap(payload, {"source": source, "source_ssid": ssid})


A = ("a", definition("a", callsigns='"AAA"'))
B = ("b", definition("b", callsigns='"BBB", "CCC-7"'))
C = ("c", definition("c", callsigns='"AAA"', match='prefix = "C0 FE"'))
D = ("d", definition("d", match='prefix = "DA DA"', layers="[]"))
E = ("e", definition("e", match="length = 5", layers="[]"))
F = ("f", definition("f", match="length = 5", layers="[]"))


def test_by_callsign_and_ssid() -> None:
    known = decoder(A, B)
    assert known.decode(frame("AAA", b"1")).satellite == "a"
    assert known.decode(frame("BBB", b"1", 3)).satellite == "b"
    assert known.decode(frame("CCC", b"1", 7)).satellite == "b"
    assert known.decode(frame("CCC", b"1", 8)).satellite is None


def test_a_callsign_with_a_strange_packet_is_still_its_satellites() -> None:
    found = decoder(C).decode(frame("AAA", b"strange"))
    assert (found.satellite, found.packet) == ("c", None)
    assert found.error == "no packet of c matches 7 bytes that begin 73 74 72 61 6E 67 65"


def test_one_callsign_two_satellites() -> None:
    known = decoder(A, C)
    both = known.decode(frame("AAA", b"\xc0\xfe\x01"))
    assert both.satellite is None
    assert both.candidates == ("a", "c")
    assert both.error == "more than one satellite could have sent this: a, c"


def test_by_packet_and_then_by_length() -> None:
    known = decoder(D, E)
    assert known.decode(b"\xda\xda\x01\x02\x03").satellite == "d"  # its prefix says more
    assert known.decode(b"12345").satellite == "e"
    assert known.decode(b"123456").error == "no definition knows this frame"


def test_ambiguous_by_length() -> None:
    assert decoder(E, F).decode(b"12345").candidates == ("e", "f")


def test_by_csp_address() -> None:
    csp = '["csp"]'
    one = definition("one", match="length = 1", layers=csp) + "\n"
    one = one.replace("callsigns = []", "csp_addresses = [5]")
    two = definition("two", match="length = 1", layers=csp)
    known = decoder(("one", one), ("two", two))
    assert known.decode(LAYERS["csp"].wrap(b"x", {"source": 5})).satellite == "one"
    assert known.decode(LAYERS["csp"].wrap(b"x", {"source": 6})).candidates == ("one", "two")


def test_a_small_csp_address_does_not_overrule_a_packet_that_names_another() -> None:
    csp = '["csp"]'
    one = definition("one", match="length = 3", layers=csp)
    one = one.replace("callsigns = []", "csp_addresses = [1]")
    two = definition("two", match='prefix = "AB CD"', layers=csp)
    known = decoder(("one", one), ("two", two))
    assert known.decode(LAYERS["csp"].wrap(b"\xab\xcdx", {"source": 1})).satellite == "two"
    assert known.decode(LAYERS["csp"].wrap(b"xyz", {"source": 1})).satellite == "one"


def test_a_packet_that_says_nothing_names_nobody() -> None:
    anything = ("any", definition("any", match="minimum_length = 1", layers="[]"))
    assert decoder(anything).decode(b"12345").satellite is None
    assert decoder(anything).decode(b"12345", "any").packet == "p"


def test_a_satellite_with_callsigns_is_not_behind_another_callsign() -> None:
    called = ("c", definition("c", callsigns='"CCC"', match="length = 5"))
    assert decoder(called).decode(frame("XXX", b"12345")).satellite is None


def test_nothing_that_comes_in_raises() -> None:
    known = decoder(A, B, C, D, E)
    for size in {*range(40)} - {5}:
        assert known.decode(bytes(size)).error
