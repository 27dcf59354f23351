"""Where bytes come from: serial ports, TCP, recordings."""
