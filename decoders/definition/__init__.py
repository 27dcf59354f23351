"""Satellite definitions: the TOML format, its model, calibrations, limits, expressions."""
