"""Codes of link layers: checks, scramblers, error correction."""
