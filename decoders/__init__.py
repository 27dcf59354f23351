"""Pure decoding: bytes in, values out. No I/O, no clock, no logging, no changing globals."""
