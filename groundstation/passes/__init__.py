"""Passes of a station: the watch over those to come, messages, accounts of those flown."""
