"""The world broken around a real station: ``python -m tests.torture``.

Each file in ``faults`` is one fault: it starts the station as processes, breaks something, and
compares what was sent, what somebody was told, what the journal and the store keep, and what a
browser saw. A new fault is a new file there with a ``FAULT``; nothing else needs to know of it.
"""
