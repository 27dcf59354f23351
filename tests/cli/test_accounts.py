"""``groundstation accounts`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from groundstation.cli.accounts import accounts
from groundstation.storage.accounts import Accounts


def run(folder: Path, *arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(accounts, ["--data", str(folder), *arguments], input=given)


def test_make_list_change_remove(tmp_path: Path) -> None:
    assert "no account yet" in run(tmp_path).output
    made = run(tmp_path, "add", "Айгүл", given="three words do\nthree words do\n")
    assert made.exit_code == 0, made.output
    assert "three words" not in made.output
    by_script = run(
        tmp_path, "add", "Bek", "--role", "operator", "--password-stdin", given="12345678\n"
    )
    assert by_script.exit_code == 0, by_script.output
    listed = run(tmp_path, "--format", "json").output.splitlines()
    assert [(item["name"], item["role"]) for item in map(json.loads, listed)] == [
        ("Bek", "operator"),
        ("Айгүл", "teacher"),
    ]
    run(tmp_path, "password", "bek", "--password-stdin", given="another one\n")
    kept = Accounts(tmp_path)
    assert kept.check("Bek", "12345678") is None
    found = kept.check("BEK", "another one")
    assert found is not None and found.role == "operator"
    assert run(tmp_path, "remove", "Bek").exit_code == 0
    assert kept.check("Bek", "another one") is None
    log = [
        json.loads(line) for line in run(tmp_path, "log", "--format", "json").output.splitlines()
    ]
    assert [(item["act"], item["subject"]) for item in log] == [
        ("account removed", "Bek"),
        ("password", "bek"),
        ("account", "Bek"),
        ("account", "Айгүл"),
    ]


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("add", "Aida", "--password-stdin"), "short", "8 to 200 characters"),
        (("add", "Aida", "--password-stdin"), "", "8 to 200 characters"),
        (("add", "Aidaaida", "--password-stdin"), "AIDAAIDA", "guessed at once"),
        (("add", "Aida", "--password-stdin"), "aaaaaaaaaa", "guessed at once"),
        (("add", "<b>", "--password-stdin"), "three words do", "no name of an account"),
        (("add", "x" * 81, "--password-stdin"), "three words do", "no name of an account"),
        (("remove", "Nobody"), "", "there is no account 'Nobody'"),
        (("password", "Nobody", "--password-stdin"), "three words do", "there is no account"),
        (("add", "Aida", "--role", "pupil"), "", "'pupil' is not one of"),
    ],
)
def test_what_is_refused(tmp_path: Path, arguments: tuple[str, ...], given: str, said: str) -> None:
    answer = run(tmp_path, *arguments, given=given)
    assert answer.exit_code != 0
    assert said in answer.output
    assert "Traceback" not in answer.output
    assert not list(Accounts(tmp_path).all())


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    answer = run(tmp_path / "none")
    assert answer.exit_code == 2
    assert "no such data folder" in answer.output
