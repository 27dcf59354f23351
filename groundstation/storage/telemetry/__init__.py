"""``telemetry.db``: identification and values, made from the journal by the interpreter."""
