"""Where bytes come from: serial ports, TCP, recordings, sound cards and receivers."""
