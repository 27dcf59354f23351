"""Sketches of definitions kept between runs, by the digest of the text they were made from.

The file names the program that made it: by a digest of the code that reads definitions, so that a
sketch of another version is never taken. Whatever is wrong with the file, or cannot be written,
only costs time.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import decoders

if TYPE_CHECKING:
    from decoders.sketch import Sketch

_NAME = "definitions"
#: Versions of the program that keep their sketches side by side.
MOST_FILES = 8
#: Where the code is that makes sketches out of texts.
_MAKERS = (".", "definition")


class SketchCache:
    """``folder`` None: the user's cache folder."""

    def __init__(self, folder: Path | None = None):
        self._folder = folder
        self._program = ""
        self._known: dict[str, object] | None = None

    def sketch(self, id: str, digest: str) -> Sketch | None:
        """The sketch of the definition with this digest; None: it is not kept."""
        if self._known is None:
            self._known = self._read()
        plain = self._known.get(digest)
        if not isinstance(plain, dict) or plain.get("id") != id:
            return None
        from decoders.sketch import from_json

        try:
            return from_json(plain)
        except (KeyError, TypeError, ValueError):
            return None

    def keep(self, sketches: dict[str, Sketch]) -> None:
        """Keep these by their digests, instead of what is kept."""
        plain: dict[str, object] = {digest: sketch.as_json() for digest, sketch in sketches.items()}
        self._known = plain
        path = self._path()
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        with suppress(OSError, TypeError, ValueError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                text = json.dumps({"program": self._made_by(), "sketches": plain})
                temporary.write_text(text, "utf-8")
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            self._forget_older(path.parent)

    @staticmethod
    def _forget_older(folder: Path) -> None:
        """Keep the files of the programs that wrote theirs last."""
        files = sorted(folder.glob(f"{_NAME}-*.json"), key=lambda path: path.stat().st_mtime)
        for path in files[:-MOST_FILES]:
            path.unlink()

    def _read(self) -> dict[str, object]:
        try:
            content = json.loads(self._path().read_text("utf-8"))
            if content["program"] == self._made_by() and isinstance(content["sketches"], dict):
                return content["sketches"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            pass
        return {}

    def _path(self) -> Path:
        return (self._folder or _cache_folder()) / f"{_NAME}-{self._made_by()[:16]}.json"

    def _made_by(self) -> str:
        if not self._program:
            code = sha256()
            for path in sorted(_code()):
                code.update(path.read_bytes())
            self._program = code.hexdigest()
        return self._program


def _code() -> list[Path]:
    package = Path(decoders.__file__).parent
    return [path for part in _MAKERS for path in (package / part).glob("*.py")]


def _cache_folder() -> Path:
    """Where the system wants caches of this user."""
    home = Path("~").expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "nanosat-groundstation"
