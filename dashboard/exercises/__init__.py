"""Exercises made of real frames: what is asked, what is right, and the check. No pages."""
