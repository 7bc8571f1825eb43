"""The example of an own stage: what it finds, alone and in a pool with a real model."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from examples.own_stage import PersonalData, PersonalDataOptions, places
from stages.base import Removed, Result
from stages.own import GROUP
from tests.run_tools import Desk, write_jsonl

GIVEN = "examples.own_stage:PersonalData"
# Of an installed package, by its entry point.
POINT, NAME = "addresses", "harbour_stages.Addresses"
INSTALLED = {
    "harbour_stages.py": """
from examples.own_stage import PersonalData


class Addresses(PersonalData):
    description = "remove pairs with addresses"
""",
    "harbour_stages-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: harbour-stages\n"
    "Version: 1.0\n",
    "harbour_stages-1.0.dist-info/entry_points.txt": f"[{GROUP}]\n"
    f"{POINT} = harbour_stages:Addresses\n",
}
LOCAL = """
from stages.base import Result, Stage


class Shouting(Stage):
    description = "write answers in capitals"

    async def process(self, record, llm):
        if "Bar" in record["response"]:
            raise KeyError("Bar")
        said = await llm.generate(self.recipe.prompts.description.fill(text="Foo"))
        assert isinstance(said, str)
        return Result(record | {"response": record["response"].upper()})
"""
RECORDS = [
    {"id": f"CVE-2099-000{number}", "description": f"A flaw in {product} before 2.0 allows remote"
     f" attackers to read any file. {who} found it by chance in the parser."}
    for number, (product, who) in enumerate(
        [("Foo", "Ada (ada.quill@harbour-labs.io)"), ("Bar", "Somebody"), ("Baz", "Ben")]
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [("Ask ada.quill@harbour-labs.io now.", ["ada.quill@harbour-labs.io"]),
     ("ada@a.b.co.uk, ben+x@c.de", ["ada@a.b.co.uk", "ben+x@c.de"]),
     ("security@harbour-labs.io or ada@example.org or x@mail.invalid", []),
     ("user@host and @handle and a@b", []), ("ada[at]harbour-labs.io", [])],
)  # fmt: skip
def test_addresses_of_people(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in places(text)] == found


def test_pairs_are_marked_or_removed() -> None:
    pair = {"instruction": "Who?", "response": "ada@harbour-labs.io", "type": 3}
    marked = asyncio.run(PersonalData().process(pair, None))
    assert marked == Result(pair | {"personal_data": {"response": [[0, 19]]}})
    removing = PersonalData(PersonalDataOptions(action="remove"))
    assert asyncio.run(removing.process(pair, None)) == Removed("holds a mail address", addresses=1)
    plain = {"instruction": "Who?", "response": None}
    assert asyncio.run(removing.process(plain, None)) == Result(plain)
    with pytest.raises(ValueError, match="^action burn: must be mark or remove$"):
        PersonalDataOptions(action="burn")


def install(site: Path) -> None:
    """Put files where those of an installed package lie."""
    for name, text in INSTALLED.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)


def test_own_stages_are_in_the_pool_like_any_other(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    install(tmp_path / "site")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    write_jsonl(tmp_path / "input.jsonl", RECORDS)
    (tmp_path / "local_stage.py").write_text(LOCAL)
    (tmp_path / "settings.yaml").write_text(
        f"stage_options:\n  {POINT}: {{action: remove}}\n  data_structurer: {{answers: record}}\n"
    )
    stages = f"data_structurer,{POINT},local_stage:Shouting"
    given = ["run", "-i", "input.jsonl", "--run", "r", "--stages", stages, "--chunk-size", "2"]
    given += ["--model", str(tiny_model), "--workers", "2", "--config", "settings.yaml"]
    done = desk.process(*given, "--max-tokens", "4", seconds=170)
    assert done.returncode == 3, done.stderr  # what is about Bar ends in dead letters
    results = desk.results("r")
    assert "3_data_structurer.jsonl" in results
    kept = [json.loads(line) for line in results["local_stage.Shouting.jsonl"].splitlines()]
    assert kept and all(pair["response"].isupper() for pair in kept)
    removed = [json.loads(line) for line in results["removed.jsonl"].splitlines()]
    assert NAME in {one["stage"] for one in removed if one["reason"] == "holds a mail address"}
    failed = json.loads(results["failed.jsonl"])
    assert failed and all("KeyError" in one["error"] for one in failed)
    assert {one["stage"] for one in failed} == {"local_stage.Shouting"}
    verdict = json.loads(desk.process("verify", "r", "--json").stdout)
    assert verdict["ok"] and [one["name"] for one in verdict["stages"]] == [
        "3_data_structurer", NAME, "local_stage.Shouting",
    ]  # fmt: skip
    assert "local_stage.Shouting" in desk.process("status", "r").stdout
    assert NAME in desk.process("report", "r").stdout
    (tmp_path / "local_stage.py").write_text(LOCAL.replace("raise KeyError", "print"))
    again = desk.process("retry", "r", "--stage", "local_stage:Shouting", seconds=170)
    assert again.returncode == 0, again.stderr
    assert len(desk.results("r")["local_stage.Shouting.jsonl"].splitlines()) > len(kept)
    (tmp_path / "local_stage.py").unlink()
    for command in ("status", "verify", "report"):
        assert desk.process(command, "r").returncode == 0, command
    gone = desk.process("resume", "r")
    assert gone.returncode == 2 and gone.stderr.startswith("error: stage local_stage:Shouting: ")


@pytest.mark.parametrize(
    ("stages", "settings", "said"),
    [("no_module:It", "", "stage no_module:It: there is no module no_module in the current folder"),
     ("examples.own_stage:None_", "", "the module examples.own_stage has no None_"),
     ("examples.own_stage:places", "", "examples.own_stage:places: is not a subclass of"),
     ("data_filter,../x:Y", "", "no stage '../x:Y'; the stages are data_filter, "),
     (GIVEN, "action: burn", "action burn: must be mark or remove"),
     (GIVEN, "acton: mark", "no option 'acton'; the options are seed, use_model, action"),
     ("odd_stage:Odd", "", "stage odd_stage.Odd: OSError: no such device")],
)  # fmt: skip
def test_what_is_wrong_is_one_line_before_there_is_a_run(
    tmp_path: Path, stages: str, settings: str, said: str
) -> None:
    (tmp_path / "odd_stage.py").write_text(
        LOCAL.replace("class Shouting(Stage):", "class Odd(Stage):\n    def __init__(self, *given):"
                      "\n        raise OSError('no such device')\n")
    )  # fmt: skip
    write_jsonl(tmp_path / "input.jsonl", RECORDS)
    (tmp_path / "settings.yaml").write_text(
        f"stage_options:\n  {stages}: {{{settings}}}\n" if settings else "seed: 1\n"
    )
    given = ["run", "-i", "input.jsonl", "--stages", stages, "--config", "settings.yaml"]
    done = Desk(tmp_path).coordinator(*given, "--disable-llm")
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: ") and not (tmp_path / "queues").exists()
