"""Print what the station receives, as it comes. Needs nothing but Python.

    python examples/live.py http://127.0.0.1:8080

The connection may break: it is made again after the number of the last frame, so none is missed.
"""

import contextlib
import json
import sys
import time
import urllib.error
import urllib.request


def events(url, last_id):
    """Server-sent events from ``url``: number or None, name, and what they say."""
    headers = {"Last-Event-ID": last_id} if last_id else {}
    request = urllib.request.Request(f"{url}/api/v1/live", headers=headers)
    with urllib.request.urlopen(request, timeout=60) as stream:
        fields = {}
        for line in stream:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
            elif "data" in fields:
                yield fields.get("id"), fields["event"], json.loads(fields["data"])
                fields = {}


def show(frame):
    """One line a frame: when, whose, and its first values with their units."""
    values = [
        f"{name} {item['value']} {item['unit']}".strip() for name, item in frame["values"].items()
    ]
    print(frame["received"], frame["satellite"] or "?", "; ".join(values[:4]), flush=True)


def main(url):
    """Listen until somebody presses Ctrl-C."""
    last_id = None
    while True:
        try:
            for number, name, data in events(url, last_id):
                last_id = number or last_id
                if name == "frame":
                    show(data)
        except (OSError, urllib.error.URLError) as error:
            print(f"{error}; trying again", file=sys.stderr)
        time.sleep(1)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")
