"""Whose a frame is: by callsign, then by packet; never by guess."""

from decoders.coding.crc import crc
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
D = ("d", definition("d", match='prefix = "DA DA DA"', layers="[]"))
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


def test_by_packet_with_enough_bits_of_evidence() -> None:
    known = decoder(D, E)
    found = known.decode(b"\xda\xda\xda\x02\x03")
    assert (found.satellite, found.evidence_bits) == ("d", 24)  # its prefix says more
    weak = known.decode(b"12345")
    assert (weak.satellite, weak.candidates, weak.evidence_bits) == (None, ("e",), 8)
    assert weak.error == "e could have sent this, but 8 bits of evidence name nobody (24 do)"
    assert known.decode(b"123456").error == "no definition knows this frame"


def test_a_candidate_is_taken_where_the_operator_says_so() -> None:
    known = decoder(D, E)
    assert known.decode(b"12345", "e").packet == "p"
    assert known.decode(b"12345", supposed="e").satellite == "e"
    assert known.decode(b"12345", supposed="d").satellite is None  # no candidate
    assert known.decode(b"\xda\xda\xda\x02\x03", supposed="e").satellite == "d"  # evidence wins
    assert known.decode(b"12345", "gone").error == "there is no definition of 'gone'"


def test_ambiguous_by_length() -> None:
    known = decoder(E, F)
    assert known.decode(b"12345").candidates == ("e", "f")
    assert known.decode(b"12345", supposed="f").satellite == "f"


def test_equal_evidence_names_nobody() -> None:
    other = ("g", definition("g", match='prefix = "DA DA DA"', layers="[]"))
    more = ("h", definition("h", match='prefix = "DA DA DA DA"', layers="[]"))
    assert decoder(D, other).decode(b"\xda\xda\xda\x02\x03").candidates == ("d", "g")
    assert decoder(D, more).decode(b"\xda\xda\xda\xda\x03").satellite == "h"


def csp(id: str, match: str, address: int | None = None) -> tuple[str, str]:
    text = definition(id, match=match, layers='["csp"]')
    named = "" if address is None else f"csp_addresses = [{address}]"
    return id, text.replace("callsigns = []", named)


def test_a_csp_address_is_worth_its_five_bits() -> None:
    known = decoder(csp("one", 'prefix = "AA BB CC"', 5), csp("two", 'prefix = "AA BB CC"'))
    payload = b"\xaa\xbb\xccx"
    from_it = known.decode(LAYERS["csp"].wrap(payload, {"source": 5}))
    # Five bits are not clearly more: an address is a small number that many satellites use.
    assert (from_it.candidates, from_it.evidence_bits) == (("one", "two"), 29)
    alone = decoder(csp("one", 'prefix = "AA BB CC"', 5))
    assert alone.decode(LAYERS["csp"].wrap(payload, {"source": 6})).evidence_bits == 24
    assert alone.decode(LAYERS["csp"].wrap(payload, {"source": 5})).evidence_bits == 29


def test_a_small_csp_address_does_not_overrule_a_packet_that_names_another() -> None:
    known = decoder(csp("one", "length = 4", 1), csp("two", 'prefix = "AB CD EF"'))
    assert known.decode(LAYERS["csp"].wrap(b"\xab\xcd\xefx", {"source": 1})).satellite == "two"
    weak = known.decode(LAYERS["csp"].wrap(b"wxyz", {"source": 1}))
    assert (weak.candidates, weak.evidence_bits) == (("one",), 9)


def test_what_most_senders_of_a_protocol_share_is_worth_little() -> None:
    # Address 1 sends beacons to port 30 of ground 10 on nearly every satellite with CSP boards.
    rules = (
        'length = 136, fields = { "csp.source" = 1, "csp.destination" = %d, '
        '"csp.destination_port" = %d }'
    )
    usual = decoder(csp("one", rules % (10, 30)))
    header = {"source": 1, "destination": 10, "destination_port": 30}
    decoded = usual.decode(LAYERS["csp"].wrap(bytes(136), header))
    assert (decoded.satellite, decoded.candidates, decoded.evidence_bits) == (None, ("one",), 10)
    rare = decoder(csp("one", rules % (17, 43)))
    header = {"source": 1, "destination": 17, "destination_port": 43}
    assert rare.decode(LAYERS["csp"].wrap(bytes(136), header)).evidence_bits == 8 + 1 + 5 + 6
    # Blocks of radios: 256 bytes are what fits into them, 136 somebody's choice.
    block = decoder(("d", definition("d", match='prefix = "DA DA", length = 256', layers="[]")))
    assert block.decode(b"\xda\xda".ljust(256)).evidence_bits == 16 + 4


def test_constants_and_check_values_are_evidence_once() -> None:
    text = definition("k", match='prefix = "DA DA"', layers="[]").replace(
        '{ name = "x", type = "u8" }',
        '{ name = "id", type = "u8", const = 7 },'
        '{ name = "sum", type = "u16", crc = "crc16-arc" },'
        '{ name = "again", type = "u8", at = 0, const = 0xDA }',
    )
    known = decoder(("k", text))
    frame = b"\xda\xda\x07"
    frame += crc("crc16-arc", frame).to_bytes(2)
    found = known.decode(frame)
    assert (found.satellite, found.evidence_bits) == ("k", 40)  # the first byte counts once
    assert known.decode(frame[:-1] + b"!").satellite is None
    assert known.decode(frame[:-1] + b"!", "k").evidence_bits == 16  # what was not right is none


def test_a_packet_that_says_nothing_names_nobody() -> None:
    anything = ("any", definition("any", match="minimum_length = 1", layers="[]"))
    assert decoder(anything).decode(b"12345").satellite is None
    assert decoder(anything).decode(b"12345", "any").packet == "p"


def test_a_satellite_with_callsigns_is_not_behind_another_callsign() -> None:
    called = ("c", definition("c", callsigns='"CCC"', match='prefix = "DA DA DA"'))
    known, strange = decoder(called), frame("XXX", b"\xda\xda\xda")
    assert known.decode(strange).satellite is None
    assert known.decode(strange, supposed="c").satellite is None
    assert known.decode(strange, "c").satellite is None
    assert known.decode(strange, "c").error == (
        "an AX.25 frame of XXX, which is no callsign of c: CCC"
    )


def test_an_ax25_frame_is_not_of_a_satellite_that_sends_none() -> None:
    text = ("c", definition("c", match="length = 20", layers="[]"))
    text_frame = frame("N0CALL", b"APRS")
    assert decoder(text).decode(text_frame).candidates == ()
    assert decoder(text).decode(text_frame, "c").error == ("an AX.25 frame of N0CALL: c sends none")
    assert decoder(text).decode(b"\0" + text_frame[1:], "c").packet == "p"


def test_a_repeated_frame_is_its_senders() -> None:
    fields = {"source": "XXX", "digipeaters": "AAA*"}
    assert decoder(A).decode(LAYERS["ax25"].wrap(b"1", fields)).satellite is None
    fields = {"source": "AAA", "digipeaters": "XXX*"}
    assert decoder(A).decode(LAYERS["ax25"].wrap(b"1", fields)).satellite == "a"


def repeated(source: str, path: str) -> bytes:
    return LAYERS["ax25"].wrap(b"1", {"source": source, "digipeaters": path})


def test_a_frame_is_of_the_satellite_that_repeated_it_last_where_its_definition_says_so() -> None:
    known = decoder(("a", definition("a", callsigns='"AAA", "AAA*"')), B)
    frames = {
        repeated("K6SQY", "AAA*"): "a",
        repeated("K6SQY", "N6RVI*,AAA*,WIDE"): "a",
        repeated("K6SQY", "BBB*"): None,  # B does not say that it repeats
        repeated("K6SQY", "AAA"): None,  # only asked to
        repeated("K6SQY", "AAA*,N6RVI*"): None,  # a ham repeated it once more
        repeated("BBB", "AAA*"): "b",
    }
    found = {frame: known.decode(frame) for frame in frames}
    assert {frame: each.satellite for frame, each in found.items()} == frames
    assert {each.evidence_bits for each in found.values() if each.satellite} == {42}
    many = list(frames) * 40
    verdicts = known.batch(many).verdicts
    assert [each.satellite for each in verdicts] == [frames[frame] for frame in many]
    assert [known.decode(frame, "a").packet for frame in list(frames)[1:3]] == ["p", None]


def test_a_callsign_that_is_none_does_not_shut_out() -> None:
    """As real satellites send it: no letters, or zeros."""
    called = ("c", definition("c", callsigns='"CCC"'))
    assert decoder(called).decode(frame("", b"1"), "c").packet == "p"
    assert decoder(called).decode(bytes(13) + b"\x01\x03\xf01", "c").packet == "p"


def test_a_callsign_in_a_rule() -> None:
    ruled = ("r", definition("r", match='fields = { "ax25.source" = "RRR" }'))
    found = decoder(ruled).decode(frame("RRR", b"1"))
    assert (found.satellite, found.evidence_bits) == ("r", 42)
    assert decoder(ruled).decode(frame("XXX", b"1")).satellite is None


def test_nothing_that_comes_in_raises() -> None:
    known = decoder(A, B, C, D, E)
    for size in {*range(40)} - {5}:
        assert known.decode(bytes(size)).error


def test_a_stranger_is_shown_with_the_headers_it_has() -> None:
    known = decoder(D)
    heard = known.decode(frame("K1ABC", b"hello"))
    assert (heard.satellite, [header.layer for header in heard.layers]) == (None, ["ax25"])
    assert heard.layers[0].fields["source"] == "K1ABC"
    packet = LAYERS["csp"].wrap(b"hello", {"source": 4, "destination": 10, "crc": 1})
    (header,) = known.decode(packet).layers
    assert (header.layer, header.fields["source"], header.fields["destination"]) == ("csp", 4, 10)
    assert known.decode(b"noise without anything").layers == ()
    broken = bytes([*packet[:-1], packet[-1] ^ 1])
    assert known.decode(broken).layers == ()
