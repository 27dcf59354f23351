"""Tests of groundstation.history."""
