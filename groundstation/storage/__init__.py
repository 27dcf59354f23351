"""The journal (every frame, the truth) and the telemetry stores (values, rebuilt from it)."""
