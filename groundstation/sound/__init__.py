"""Sound and IQ: where samples come from, what their bytes mean, and the modem between them and
frames."""
