"""Framings: a stream of bytes or bits to frames."""
