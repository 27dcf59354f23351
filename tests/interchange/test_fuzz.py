"""Files that are broken in any way: a sentence is told, nothing else is raised, nothing hangs."""

import random
from pathlib import Path

import pytest

from decoders.definition.interchange.csv_table import to_csv
from decoders.definition.interchange.formats import File, import_files
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.interchange.xtce_export import to_xtce
from decoders.definition.parse import mistakes
from decoders.errors import DefinitionError
from tests.interchange.built_in import catalog, data
from tests.work import work_of_at_most

DATA = Path(__file__).parents[1] / "data" / "interchange"
TIMES = 400
#: Lines of Python; what is imported here takes a tenth of it.
MOST_WORK = 1_000_000


def seeds() -> dict[str, tuple[str, ...]]:
    def kit(name: str) -> str:
        return (DATA / name).read_text("utf-8")

    return {
        "csv": (to_csv(data("classroom-1")).text,),
        "xtce": (kit("another_author.xml"), to_xtce(catalog().satellites["classroom-1"]).text),
        "foxtelem": (kit("cubesatsim_rttelemetry.csv"), kit("cubesatsim_conversion_curves.csv")),
        "ccsdspy": ("name,data_type,bit_length\na,uint,8\nb,uint(a),16\nc,uint(expand),8\n",),
    }


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randint(0, 12))
        junk = chance.choice(["", "-1", "999999999999", '"', ",", "\x00", "é", "<", "nan", "1e999"])
        other = chance.randrange(len(text) + 1)
        piece = chance.choice([junk, text[other : other + 20]])
        text = text[:at] + piece + text[end:]
    return text


@pytest.mark.parametrize("kind", sorted(seeds()))
def test_broken_files_are_told(kind: str) -> None:
    chance = random.Random(kind)
    told = 0
    for _ in range(TIMES):
        texts = [mutated(text, chance) for text in seeds()[kind]]
        files = [File(f"file{number}.x", text) for number, text in enumerate(texts)]
        with work_of_at_most(MOST_WORK):
            try:
                imported = import_files(kind, files if kind == "foxtelem" else files[:1])
                mistakes(to_toml(imported.data), id="x")
            except DefinitionError as error:
                told += 1
                assert str(error).startswith("file")
    assert told > TIMES // 20


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ('maxValue="2"', 'maxValue="99999999999999"'),
        ('exponent="1"', 'exponent="999999999"'),
        ('sizeInBits="16"', 'sizeInBits="99999999999"'),
        ('sizeInBits="4"', 'sizeInBits="-4"'),
        ("<FixedValue>2</FixedValue>", "<FixedValue>9999999999</FixedValue>"),
        ('value="3"', 'value="1e9"'),
        ('minInclusive="-5"', 'minInclusive="x"'),
    ],
)
def test_absurd_numbers_end_at_once(change: str, by: str) -> None:
    text = (DATA / "another_author.xml").read_text("utf-8")
    assert change in text
    with work_of_at_most(MOST_WORK):
        try:
            imported = import_files("xtce", [File("file.xml", text.replace(change, by))])
            mistakes(to_toml(imported.data), id="x")
        except DefinitionError as error:
            assert str(error).startswith("file.xml")


def test_containers_that_double_each_other_end_at_once() -> None:
    containers = "".join(
        f'<SequenceContainer name="c{n}"><EntryList>'
        + f'<ContainerRefEntry containerRef="c{n - 1}"/>' * 2
        + "</EntryList></SequenceContainer>"
        for n in range(1, 40)
    )
    first = (
        '<SequenceContainer name="c0"><EntryList><ParameterRefEntry parameterRef="Kind"/>'
        "</EntryList></SequenceContainer>"
    )
    text = (DATA / "another_author.xml").read_text("utf-8")
    text = text.replace("<ContainerSet>", f"<ContainerSet>{first}{containers}")
    with work_of_at_most(30 * MOST_WORK):
        imported = import_files("xtce", [File("file.xml", text)])
    assert "has more than 4096 entries" in " ".join(imported.warnings)
    assert [packet["name"] for packet in imported.data["packets"]][:2] == ["power", "c0"]
