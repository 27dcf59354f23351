"""Every exception that the station raises on purpose; a command prints its text, one sentence.

::

    StationError
    ├── ConfigError              a wrong setting; says where it stands and what is allowed
    ├── FolderInUseError         the data folder is another station's, or cannot be written
    ├── StoreError               a store or journal cannot be reached or refuses
    │   ├── DamagedError             telemetry.db lost a part: it is made again from the journal
    │   └── RefusedSampleError       a sink will never take this sample
    ├── SchemaError              a file of a schema that this program cannot work with
    ├── SiteError                a site that is not on the Earth
    ├── HorizonError             a horizon that cannot be used
    ├── ElementsError            elements that cannot be used; names source and line
    ├── ElementsFolderError      the folder of elements cannot be written
    ├── DownloadError            an answer of a server that is not whole
    ├── SelectionError           a part of the history that is not there, or not understood
    ├── ForeignFileError         a file of another program that cannot be imported
    ├── LinkError                a device is not there, or was lost; the link tries again
    ├── LinkUrlError             a link's address that is none
    ├── MountError               a mount's description that cannot be understood
    ├── ControllerError          a rotator or radio does not do what it is asked
    │   ├── ControllerGoneError      the connection was closed
    │   │   └── ControllerAbsentError    there is nobody at its address
    │   ├── ControllerSilentError    no reply in time, or an unending one
    │   ├── ControllerRefusedError   it said no, with an error number
    │   └── ControllerNonsenseError  a reply that is not one
    ├── AccountError             an account that cannot be made, changed or found
    ├── DeskError                what a teacher wants kept and cannot be; names the field
    │   ├── BoardError               a board that cannot be understood
    │   ├── DeskUnknownError         it names what there is not
    │   └── DeskConflictError        it is there already, was changed by another, or is one too many
    ├── NotifyError              a message was not sent
    ├── SoundError               sound that cannot be read or heard
    └── SatnogsError             a decoder of satnogs-decoders cannot be used

What is wrong with a definition or a frame is said by :mod:`decoders.errors`.
"""

from __future__ import annotations


class StationError(Exception):
    """Base of all errors of this package; ``str(error)`` is a sentence that says what to do."""


class ConfigError(StationError):
    """A wrong setting; the message is one sentence that says where it is and what is allowed."""


class FolderInUseError(StationError):
    """The folder belongs to another station, or cannot be written; the message says what to do."""


class StoreError(StationError):
    """A store that cannot be reached or refuses; the message says which, why and what to do."""


class DamagedError(StoreError):
    """``telemetry.db`` is no database any more, or lost a part: it must be made again."""


class RefusedSampleError(StoreError):
    """A sink takes everything else, but never this sample; the message has its own words."""


class SchemaError(StationError):
    """A file of a schema that this program cannot work with. ``newer``: than the program's."""

    def __init__(self, found: int, wanted: int):
        super().__init__(f"has schema {found}, this program has {wanted}")
        self.newer = found > wanted


class SiteError(StationError):
    """A site that is not on the Earth; the message says which number is wrong."""


class HorizonError(StationError):
    """A horizon that cannot be used; the message names source and line and quotes it."""


class ElementsError(StationError):
    """Elements that cannot be used; the message names source and line and quotes the text.

    ``source`` is a file name or address (may be empty), ``line`` the 1-based line or None,
    ``problem`` the sentence alone, ``quote`` the offending text.
    """

    def __init__(
        self, problem: str, *, source: str = "", line: int | None = None, quote: str = ""
    ) -> None:
        self.problem = problem
        self.source = source
        self.line = line
        self.quote = quote
        super().__init__(self._text())

    def _text(self) -> str:
        place = self.source
        if self.line is not None:
            place = f"{place}:{self.line}" if place else f"line {self.line}"
        text = f"{place}: {self.problem}" if place else self.problem
        if self.quote:
            shown = self.quote if len(self.quote) <= 100 else self.quote[:97] + "..."
            text += f": {shown!r}"
        return text


class SelectionError(StationError):
    """A part of the history that is not there, or cannot be understood; a sentence."""


class ForeignFileError(StationError):
    """A file, or a line of it, that cannot be imported; the message names it and says why."""


class DownloadError(StationError):
    """An answer of a server that broke off, or is too long or too slow; the message follows its
    address."""


class ElementsFolderError(StationError):
    """The elements folder cannot be written; the message says why and what to do."""


class LinkError(StationError):
    """The device is not there, busy or gone; the message says why and what to do, one sentence."""


class LinkUrlError(StationError):
    """A link's URL is wrong and waiting will not help; the message says what is allowed."""


class MountError(StationError):
    """A mount's description that cannot be understood; the message says how to write it."""


class ControllerError(StationError):
    """A controller that does not do what it is asked; the message is one clear sentence."""


class ControllerGoneError(ControllerError):
    """The connection to the controller was closed."""


class ControllerAbsentError(ControllerGoneError):
    """Nobody answers at the controller's address; it may come later."""


class ControllerSilentError(ControllerError):
    """No reply in time."""


class ControllerRefusedError(ControllerError):
    """It said no."""


class ControllerNonsenseError(ControllerError):
    """A reply that is none."""


class DeskError(StationError):
    """What a teacher wants kept and cannot be; the message names the field and what it must be."""


class BoardError(DeskError):
    """A board that cannot be understood."""


class DeskUnknownError(DeskError):
    """It names a satellite, a value or a thing kept that there is not."""


class DeskConflictError(DeskError):
    """It is there already, somebody else has changed it meanwhile, or it is one too many."""


class NotifyError(StationError):
    """A message that could not be sent; one sentence says why."""


class SoundError(StationError):
    """Sound that cannot be read, or not be demodulated; the message says why and what to do."""


class SatnogsError(StationError):
    """The package is not there, or has no such decoder; one sentence."""


class AccountError(StationError):
    """An account that cannot be made, changed or found; one sentence says why."""
