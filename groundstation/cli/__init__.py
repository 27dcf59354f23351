"""The command line, ``groundstation COMMAND``; a command's module is imported when it is used."""

from __future__ import annotations

import gc
import importlib
import sys

import click

from groundstation.cli.terminal import prepare_output

#: Command -> what it does, in one line. Its module here has the same name, and in it the command.
COMMANDS = {
    "accounts": "Who may change something on the pages, and what was changed.",
    "alarms": "What calls somebody, and who has seen it.",
    "backup": "All that nobody could make again, as one file; also while the station runs.",
    "board": "A Grafana board of a satellite, over its values in InfluxDB.",
    "compact": "Old frames in less room, within the journal.",
    "convert": "Definitions to and from CSV, XTCE, Kaitai, C and others.",
    "decode": "Frames to values.",
    "deframe": "A coded byte or bit stream to frames.",
    "demo": "A simulated satellite, a station and its dashboard: no radio needed.",
    "demodulate": "Sound or IQ of a receiver to frames.",
    "doctor": "What is wrong in a data folder, and the mend; recovers a damaged journal.",
    "elements": "The local catalogue of orbital elements.",
    "encode": "Values to a frame.",
    "export": "Frames and values of a data folder, for other programs.",
    "icd": "The interface document of a satellite, as a web page or Markdown.",
    "import": "Frames and settings of other programs into a data folder.",
    "passes": "When satellites can be heard.",
    "redecode": "Interpret all that was received again, and print what changed.",
    "replay": "Feed a recording through the station's receiver.",
    "report": "A flown pass: predicted against heard.",
    "restore": "A backup into a new data folder.",
    "run": "The station and its dashboard.",
    "satellites": "Definitions: list, show, check, start a new one.",
    "schedule": "Which passes to take when they overlap.",
    "track": "Point the antenna and tune the radio through a pass.",
}
#: Commands whose name is a word of Python: the module's, and the command's in it.
_RENAMED = {"import": "import_files"}

#: So many new objects before garbage is looked for among them. Python's 700 is reached hundreds of
#: times while modules are imported and frames are read, of which nothing is garbage.
_NEW_OBJECTS = 50_000


class Commands(click.Group):
    """Lists commands without importing them, so that ``--help`` is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        name = _RENAMED.get(cmd_name, cmd_name)
        module = importlib.import_module(f"groundstation.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest right word for a wrong one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from decoders.suggest import nearest

            ctx.fail(f"there is no command {args[0]!r}; {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in ``--help``, from COMMANDS alone."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nanosat-groundstation", prog_name="groundstation")
def groundstation() -> None:
    """Receive, decode, keep and show the telemetry of small satellites.

    Begin with: groundstation demo
    """


def main() -> None:
    """Run the command line. Exit code 0: ok, 1: the data was bad, 2: wrong usage or setting."""
    gc.set_threshold(_NEW_OBJECTS, 10, 10)
    prepare_output()
    try:
        groundstation(prog_name="groundstation")
    except BrokenPipeError:
        # The reader (such as `head`) has had enough; nothing more can be written.
        sys.stderr.close()
        sys.exit(0)
