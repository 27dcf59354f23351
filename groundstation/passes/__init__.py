"""Passes over the site: the watch over those to come, messages about them, accounts of those flown."""
