"""The rules of the house: what may import what, and what no module does."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.import_graph import imported, modules, reached, way

ROOT = Path(__file__).parents[1]
PACKAGES = ("decoders", "groundstation", "dashboard")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

DECODERS_MAY_IMPORT = {
    *("__future__", "ast", "bisect", "collections", "dataclasses", "datetime", "difflib", "enum"),
    *("functools", "itertools", "math", "operator", "re", "struct", "tomllib", "typing", "types"),
    *("numpy", "decoders", "json", "zlib", "csv", "io", "string", "html", "textwrap"),
    *("base64", "binascii", "inspect"),
    *("xml",),
}
ORBIT_MAY_IMPORT = {
    *(
        "__future__",
        "bisect",
        "collections",
        "csv",
        "dataclasses",
        "datetime",
        "functools",
        "heapq",
    ),
    "io",
    *(
        "itertools",
        "json",
        "math",
        "re",
        "typing",
        "xml",
        "enum",
        "hashlib",
        "zoneinfo",
        "textwrap",
    ),
    *(
        "numpy",
        "sgp4",
        "skyfield",
        "groundstation.errors",
        "groundstation.model",
        "groundstation.orbit",
        "decoders.spreadsheet",
        "decoders.suggest",
        "decoders.words",
    ),
}
ALARMS_MAY_IMPORT = {
    *("__future__", "collections", "dataclasses", "hashlib", "json", "typing", "numpy"),
    *("decoders", "groundstation.alarms", "groundstation.model"),
}
DASHBOARD_MAY_IMPORT = {
    "alarms",
    *(
        "errors",
        "model",
        "storage",
        "orbit",
        "catalog",
        "config",
        "elements",
        "naming",
        "sharing",
        "clock",
        "status",
        "passes",
        "history",
        "words",
        "unbroken",
    ),
}
IMPURE_CALLS = {"open", "print", "eval", "exec", "compile", "input", "__import__"}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "sleep"}
ONLY_IN = {
    "serial": {"groundstation/links/serial.py"},
    "influxdb_client": {"groundstation/storage/influx.py"},
    "paho": {"groundstation/followers/mqtt.py"},
    "apprise": {"groundstation/passes/notify.py"},
    "pyarrow": {"groundstation/history/parquet.py"},
    "soundfile": {"groundstation/sound/compressed.py"},
    "sounddevice": {"groundstation/links/sound_card.py"},
}
#: Parts of the station that are built by station.py and do not know each other.
PARTS = ("links", "tracking", "followers", "simulator")
VAGUE_NAMES = {"manager", "handler", "helper", "helpers", "utils", "common", "base", "core", "misc"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(package: str) -> list[Path]:
    return [path for path in FILES if name_of(path).startswith(package + "/")]


def allowed(module: str, permitted: set[str]) -> bool:
    parts = module.split(".")
    return any(".".join(parts[:length]) in permitted for length in range(1, len(parts) + 1))


def by_file(package: str) -> list[object]:
    return [pytest.param(path, id=name_of(path)) for path in within(package)]


@pytest.mark.parametrize("path", by_file("decoders"))
def test_decoders_import_only_what_computes(path: Path) -> None:
    assert [m for m in imports(path) if not allowed(m, DECODERS_MAY_IMPORT)] == []


@pytest.mark.parametrize("path", by_file("groundstation/orbit"))
def test_orbit_imports_only_what_computes(path: Path) -> None:
    assert [m for m in imports(path) if not allowed(m, ORBIT_MAY_IMPORT)] == []


@pytest.mark.parametrize("path", by_file("groundstation/alarms"))
def test_alarms_import_only_what_computes(path: Path) -> None:
    assert [m for m in imports(path) if not allowed(m, ALARMS_MAY_IMPORT)] == []


PURE = ("decoders", "groundstation/orbit", "groundstation/alarms")


@pytest.mark.parametrize("path", [path for package in PURE for path in by_file(package)])
def test_pure_code_does_no_io_and_reads_no_clock(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                assert called.id not in IMPURE_CALLS, f"line {node.lineno}: {called.id}()"
            elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                on_a_clock = called.value.id in ("datetime", "date", "time")
                assert not (on_a_clock and called.attr in CLOCKS), f"line {node.lineno}"
        assert not isinstance(node, ast.Global), f"line {node.lineno}: global"


@pytest.mark.parametrize("path", by_file("groundstation"))
def test_the_station_never_imports_the_dashboard(path: Path) -> None:
    assert [m for m in imports(path) if m.partition(".")[0] == "dashboard"] == []


@pytest.mark.parametrize("path", by_file("dashboard"))
def test_the_dashboard_only_reads(path: Path) -> None:
    own = {m for m in imports(path) if m.startswith("groundstation.")}
    assert {m for m in own if m.split(".")[1] not in DASHBOARD_MAY_IMPORT} == set()
    assert not any("JournalWriter" in m for m in own)
    assert not {m for m in own if m.startswith(("groundstation.history.take_in",))}


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_the_station_do_not_know_each_other(part: str) -> None:
    others = set(PARTS) - {part}
    for path in within(f"groundstation/{part}"):
        for module in imports(path):
            inside = module.split(".")[1:2]
            assert not (module.startswith("groundstation.") and inside[0] in others), name_of(path)


def ways(package: str, forbidden: Callable[[str], bool]) -> list[str]:
    """How what is forbidden comes in with a module of ``package``, through others too."""
    mine = [name for name in modules() if name == package or name.startswith(package + ".")]
    assert mine, package
    return [way(name, found) for name in mine for found in reached(name) if forbidden(found)]


def inside(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def test_pure_packages_reach_only_what_is_pure() -> None:
    orbit = ORBIT_MAY_IMPORT | {"groundstation", "decoders"}
    assert ways("decoders", lambda name: not allowed(name, DECODERS_MAY_IMPORT)) == []
    assert ways("groundstation.orbit", lambda name: not allowed(name, orbit)) == []


def test_the_station_does_not_reach_the_dashboard() -> None:
    assert ways("groundstation", lambda name: inside(name, ["dashboard"])) == []


def test_the_dashboard_reaches_nothing_that_acts() -> None:
    acting = [f"groundstation.{name}" for name in ("station", "receive", "interpret", *PARTS)]
    assert ways("dashboard", lambda name: inside(name, acting)) == []


def test_the_dashboard_s_rooms_are_in_a_row() -> None:
    """What the files hold knows nothing of how it is shown, and that nothing of the web."""
    for room, further in (("data", ("show", "web")), ("show", ("web",))):
        names = [f"dashboard.{name}" for name in further]
        assert ways(f"dashboard.{room}", lambda name, n=names: inside(name, n)) == []


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_the_station_do_not_reach_each_other(part: str) -> None:
    others = [f"groundstation.{name}" for name in PARTS if name != part]
    assert ways(f"groundstation.{part}", lambda name: inside(name, others)) == []


def test_a_way_through_others_is_found() -> None:
    """The graph itself: ``run`` comes to the journal through the station that it serves."""
    assert "groundstation.storage.journal" not in imported("groundstation.cli.run")
    found = way("groundstation.cli.run", "groundstation.storage.journal").split(" > ")
    assert found[0] == "groundstation.cli.run"
    assert len(found) > 2
    for here, there in pairwise(found):
        assert there in imported(here)


@pytest.mark.parametrize(("library", "places"), ONLY_IN.items())
def test_a_library_stays_in_its_file(library: str, places: set[str]) -> None:
    users = {name_of(p) for p in FILES if any(m.partition(".")[0] == library for m in imports(p))}
    assert users <= places


def _raised(package: str) -> dict[str, str]:
    """Where the classes of exceptions of a package are, by their names; but click's."""
    return {
        node.name: name_of(path)
        for path in within(package)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(re.fullmatch(r"\w*(Error|Exception)", ast.unparse(base)) for base in node.bases)
    }


#: What is no error of the package: the end of a recording; what one module tells itself.
NO_ERRORS = {"LinkEnded", "_CannotReadError", "InexpressibleError"}


@pytest.mark.parametrize("package", ["decoders", "groundstation"])
def test_all_errors_are_in_one_tree_that_is_drawn(package: str) -> None:
    errors = f"{package}/errors.py"
    found = _raised(package)
    assert {name for name, file in found.items() if file != errors} <= NO_ERRORS
    drawn = ast.get_docstring(ast.parse((ROOT / errors).read_text("utf-8"))) or ""
    for name in (name for name, file in found.items() if file == errors):
        assert re.search(rf"(─ |^ +){name}\b", drawn, re.MULTILINE), name


#: Where data have no types yet or no longer, and why.
UNTYPED = {
    "decoders/definition/interchange": "tables of TOML, XTCE and Kaitai files",
    "decoders/definition/node.py": "what is in a TOML file, before it is read",
    "decoders/definition/parse.py": "what is in a TOML file, before it is read",
    "decoders/sketch.py": "a dataclass as JSON in the cache, and what is found there",
    "groundstation/history/foreign/json_lines.py": "what is in a file of others, before it is read",
    "groundstation/model/schedule.py": "status.json, written and read back",
    "groundstation/model/status.py": "status.json, written and read back",
    "groundstation/orbit/search/crossings.py": "as the standard library types a dataclass",
    "dashboard/web/json_schema.py": "JSON Schema, of any depth",
}


def test_records_have_types() -> None:
    """``dict[str, Any]`` stands only where files of others begin and end."""
    users = {name_of(p) for p in FILES if "dict[str, Any]" in p.read_text("utf-8")}
    found = {place for name in users for place in UNTYPED if name.startswith(place)}
    assert [name for name in sorted(users) if not name.startswith(tuple(UNTYPED))] == []
    assert found == set(UNTYPED)


def test_names_say_something() -> None:
    assert [name_of(path) for path in FILES if path.stem in VAGUE_NAMES] == []


def test_files_are_read_in_one_sitting() -> None:
    long = {name_of(p): n for p in FILES if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert long == {}


def test_importing_does_nothing(tmp_path: Path) -> None:
    """All modules import in an empty folder without output, files, threads or the heavy parts."""
    modules = [
        name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for path in FILES
        if path.stem != "__main__"
    ]
    code = (
        "import importlib, threading\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "assert threading.active_count() == 1"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_help_needs_no_heavy_imports() -> None:
    code = "import sys, groundstation.cli; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & {"numpy", "skyfield", "flask", "serial", "rich", "influxdb_client"}


def test_a_database_s_library_is_loaded_only_where_it_is_configured() -> None:
    code = "import sys, groundstation.station, dashboard.web.app; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & {"influxdb_client", "apprise", "pyarrow", "soundfile", "sounddevice"}


def test_no_machine_paths_or_registry_hosts() -> None:
    """Committed text names no place that only one machine has."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    hosts = ("files.python" + "hosted.org", "registry.npm" + "js.org", "deb.de" + "bian.org")
    pattern = re.compile("|".join(re.escape(host) for host in hosts))
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".png", ".wav", ".mo", ".gz") or not path.is_file():
            continue
        assert not pattern.search(path.read_text("utf-8", "replace")), name
