"""Layers: one header peeled off a frame, and put back on."""
