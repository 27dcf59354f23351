"""Orbits, pure: elements, passes, pointing, Doppler, sun, schedule. No I/O and no clock."""
