"""One file a fault; see :mod:`tests.torture`."""
