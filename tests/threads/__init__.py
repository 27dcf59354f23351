"""No thread of station and dashboard ends with one frame, definition, element set or listener.

Each test gives a thread something that fails, and finds it at work afterwards.
"""
