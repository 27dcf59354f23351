"""What is handed out: nothing of the project is missing in it, and what it needs is declared."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("decoders", "groundstation", "dashboard")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
#: Distributions that are imported by another name.
NAMES = {
    "prometheus_client": "prometheus-client",
    "serial": "pyserial",
    "influxdb_client": "influxdb-client",
}
#: What an extra brings, or a package of the user's.
OPTIONAL = {"apprise", "pyarrow", "satnogsdecoders", "sounddevice", "soundfile"}
BUILD = (
    "import sys; from setuptools import build_meta as b; out = sys.argv[1];"
    "b.build_sdist(out); b.build_wheel(out)"
)


def tracked() -> set[str]:
    """The files of the project."""
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if run.returncode:
        pytest.skip("not a clone: nobody says which files belong to it")
    return {name for name in run.stdout.decode().split("\0") if (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel, built from the tracked files alone."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in tracked():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    command = [sys.executable, "-c", BUILD, str(out)]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return out


def test_the_source_distribution_is_the_whole_project(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as file:
        names = {item.name.partition("/")[2] for item in file if item.isfile()}
    assert tracked() - names == set()
    assert [name for name in names if "__pycache__" in name] == []


def test_the_wheel_has_all_of_the_packages(built: Path) -> None:
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as file:
        names = set(file.namelist())
    wanted = {name for name in tracked() if name.partition("/")[0] in PACKAGES}
    assert wanted - names == set()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_types_are_handed_out(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


def imported() -> set[str]:
    """The first names of all modules that the program imports from others."""
    found: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - set(PACKAGES)


def test_what_is_imported_is_declared_and_nothing_else() -> None:
    declared = {re.split(r"[<>=\[]", text)[0] for text in SETTINGS["project"]["dependencies"]}
    assert {NAMES.get(name, name) for name in imported() - OPTIONAL} == declared


@pytest.mark.parametrize("file", ["run.txt", "test.txt"])
def test_what_is_declared_is_locked(file: str) -> None:
    text = (ROOT / "requirements" / file).read_text("utf-8")
    wanted = list(SETTINGS["project"]["dependencies"])
    if file == "test.txt":
        wanted += SETTINGS["project"]["optional-dependencies"]["test"]
    for requirement in wanted:
        name = re.split(r"[<>=\[]", requirement)[0]
        assert re.search(rf"^{re.escape(name)}==", text, re.MULTILINE), requirement
