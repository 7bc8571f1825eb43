"""Duplicates in the input: which are found, what is joined, and that nothing is lost by it."""

from __future__ import annotations

import errno
import json
import random
from pathlib import Path
from typing import Any

import pytest

from stages.base import Record, Removed
from tests.dataset_help import lines
from tests.run_tools import publish_all, work_off, write_jsonl
from tests.stage_help import hostile_records
from workers.control.flow import Flow
from workers.control.intake import Intake
from workers.core import files
from workers.run import repeats
from workers.run.gather import expand
from workers.run.input_files import inspect_inputs
from workers.run.marks import DUPLICATES
from workers.run.merge import merge
from workers.run.run_folder import RunFolder
from workers.run.verify import verify
from workers.settings.values import build_config


def text(seed: int, words: int = 60) -> str:
    draw = random.Random(seed)
    return " ".join(f"word{draw.randrange(3000)}" for _ in range(words)) + "."


def changed(original: str) -> str:
    """One word of sixty: 55 of 61 runs of three are the same."""
    return original.replace(original.split()[30], "altered", 1)


def make_run(root: Path, *inputs: Path, **settings: Any) -> RunFolder:
    config = build_config(
        {"stages": ["data_filter"], "chunk_size": 3, "disable_llm": True, **settings}
    )
    found = inspect_inputs(expand(inputs))
    return RunFolder(root / "queues" / "test").create(config, found)


def removed(run: RunFolder) -> dict[str, dict[str, Any]]:
    """Split, process with nothing removed, and merge: why each record is no result."""
    publish_all(run)
    work_off(run.queues[0])
    merge(run)
    report = verify(run)
    assert report.ok, report.text()
    found = {line["id"]: line for line in lines(run.removed_file)}
    assert all(line["reason"] == "duplicate" for line in found.values())
    return {own: line["details"] for own, line in found.items()}


def results(run: RunFolder) -> list[Record]:
    return lines(run.dataset_file)


def test_exact_and_near_ones_go_for_the_first(tmp_path: Path) -> None:
    one = text(1)
    records = [{"text": one}, {"text": text(2)}, {"body": one.upper()}, {"text": changed(one)}]
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", records), dedup_threshold=0.8)
    found = removed(run)
    assert found["0:3"] == {
        "of": "0:1", "how": "exact", "similarity": 1.0, "source": "in.jsonl record 1",
    }  # fmt: skip
    assert (found["0:4"]["of"], found["0:4"]["how"]) == ("0:1", "near")
    assert 0.8 <= found["0:4"]["similarity"] < 1
    assert results(run) == records[:2]
    assert [line["record"] for line in lines(run.removed_file)] == records[2:]


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    records = [{"text": text(n)} for n in range(7)]
    for name in ("a.jsonl", "b.jsonl"):
        write_jsonl(tmp_path / name, records)
    run = make_run(tmp_path, tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert {own: said["of"] for own, said in removed(run).items()} == {
        f"1:{n}": f"0:{n}" for n in range(1, 8)
    }
    assert results(run) == records


def nvd(number: int, said: str, **more: Any) -> Record:
    described = [{"lang": "en", "value": said}]
    return {"cve": {"id": f"CVE-2030-{10000 + number}", "descriptions": described, **more}}


def cve_5(number: int, said: str, **more: Any) -> Record:
    cna = {"descriptions": [{"lang": "en", "value": said}], **more}
    meta = {"cveId": f"CVE-2030-{10000 + number}", "state": "PUBLISHED"}
    return {"dataType": "CVE_RECORD", "cveMetadata": meta, "containers": {"cna": cna}}


def as_document(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value))
    return path


def test_one_vulnerability_of_two_feeds_is_joined_and_names_both(tmp_path: Path) -> None:
    said = text(1)
    weakness = [{"description": [{"lang": "en", "value": "CWE-89"}]}]
    first = {"vulnerabilities": [nvd(1, said, weaknesses=weakness), nvd(2, text(2))]}
    fix = [{"lang": "en", "value": "Update to version 7."}]
    second = [cve_5(9, text(9)), cve_5(1, said, title="A title", solutions=fix)]
    one = as_document(tmp_path / "a-nvd.json", {"format": "NVD_CVE", "version": "2.0", **first})
    two = as_document(tmp_path / "b-cve.json", second)
    run = make_run(tmp_path, one, two)
    assert {own: said["of"] for own, said in removed(run).items()} == {"1:2": "0:1"}
    joined = results(run)[0]
    assert (joined["id"], joined["source"]) == ("CVE-2030-10001", "NVD, CVE Program")
    assert (joined["cwes"], joined["mitigations"]) == (["CWE-89"], ["Update to version 7."])
    assert joined["text"] == said
    assert joined["licence"].startswith("CVE Terms of Use")
    assert joined["original"]["cve"]["id"] == "CVE-2030-10001"
    assert [one["id"][-1] for one in results(run)] == ["1", "2", "9"]


def test_each_gets_what_is_its_own_whatever_the_order_of_the_other_feed(tmp_path: Path) -> None:
    one = as_document(tmp_path / "a.json", [cve_5(n, text(n)) for n in range(1, 4)])
    others = [cve_5(n, text(n), title=f"Title {n}") for n in (3, 1, 2)]
    two = as_document(tmp_path / "b.json", others)
    run = make_run(tmp_path, one, two)
    assert len(removed(run)) == 3
    assert [one["title"] for one in results(run)] == ["Title 1", "Title 2", "Title 3"]


def test_what_is_beyond_the_limit_is_not_joined(tmp_path: Path) -> None:
    one = as_document(tmp_path / "a.json", [cve_5(1, text(1))])
    two = as_document(tmp_path / "b.json", [cve_5(1, text(1), title="Beyond")])
    run = make_run(tmp_path, one, two, limit=1)
    assert removed(run) == {}
    assert results(run)[0]["title"] == ""


def test_what_another_feed_says_of_it_in_other_words_follows(tmp_path: Path) -> None:
    one = as_document(tmp_path / "a.json", [cve_5(1, text(1)), cve_5(2, text(2))])
    kev = {"cveID": "CVE-2030-10001", "vendorProject": "Acme", "product": "Shop",
           "vulnerabilityName": "Acme Shop", "shortDescription": text(5),
           "requiredAction": "Apply it."}  # fmt: skip
    two = as_document(tmp_path / "b.json", {"catalogVersion": "1", "vulnerabilities": [kev, kev]})
    run = make_run(tmp_path, one, two)
    found = removed(run)
    assert {own: (said["of"], said["how"]) for own, said in found.items()} == {
        "1:1": ("0:1", "id"),
        "1:2": ("0:1", "id"),
    }
    joined = results(run)[0]
    assert joined["text"] == f"{text(1)}\n\n{text(5)}", "once, though it comes twice"
    assert "Apply it." in joined["mitigations"]


def test_things_of_different_names_stay_however_alike_they_are(tmp_path: Path) -> None:
    said = text(1)
    records = [nvd(n, said) for n in range(1, 5)]
    source = as_document(
        tmp_path / "a.json", {"format": "NVD_CVE", "version": "2.0", "vulnerabilities": records}
    )
    run = make_run(tmp_path, source)
    assert removed(run) == {}


def test_a_rejected_entry_is_another_thing(tmp_path: Path) -> None:
    gone = cve_5(1, text(3))
    gone["cveMetadata"]["state"] = "REJECTED"
    source = as_document(tmp_path / "a.json", [gone, cve_5(1, text(1))])
    assert removed(make_run(tmp_path, source)) == {}


@pytest.mark.parametrize(
    ("gone", "live"),
    [
        ({"text": f"[REJECTED] {text(1)}"}, {"text": text(1)}),
        ({"title": "Withdrawn: Foomail", "text": text(1)}, {"title": "Foomail", "text": text(1)}),
        ({"text": text(1), "vuln_status": "Rejected"}, {"text": text(1)}),
    ],
)
def test_what_was_taken_back_takes_nothing_along(
    tmp_path: Path, gone: Record, live: Record
) -> None:
    """Else the filter removes the one, and the live one is gone as its duplicate."""
    source = write_jsonl(tmp_path / "in.jsonl", [gone, live, live])
    assert {own: one["of"] for own, one in removed(make_run(tmp_path, source)).items()} == {
        "0:3": "0:2"
    }


def test_lines_of_ones_own_are_joined_with_nothing(tmp_path: Path) -> None:
    """Two articles about one vulnerability are two, and each stays as it is."""
    records = [{"cve_id": "CVE-2030-10001", "text": text(n)} for n in range(3)]
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", records))
    assert removed(run) == {}
    assert results(run) == records


def test_records_without_text_stay(tmp_path: Path) -> None:
    records = [{"n": n % 2} for n in range(6)]
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", records))
    assert removed(run) == {}


def writable(record: Record) -> bool:
    try:
        return bool(json.dumps(record))
    except (ValueError, RecursionError):
        return False


def test_hostile_records_are_looked_through(tmp_path: Path) -> None:
    """Also those that pass for a reader's and lack what a reader gives, twice each."""
    fakes: list[Record] = [
        {"original": 1, "kind": "vulnerability", "id": "CVE-2030-10001"},
        {"original": 1, "kind": "vulnerability", "id": "CVE-2030-10001", "text": ["x"]},
        {"original": {}, "kind": "vulnerability", "id": "CVE-2030-10002", "text": text(1),
         "source": 7, "status": [], "licence": {}, "cwes": "CWE-1"},
    ]  # fmt: skip
    records = [one for one in [*fakes, *filter(writable, hostile_records(200))] for _ in range(2)]
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", records))
    assert "0:6" in removed(run)


def test_what_json_can_not_hold_is_joined_to_nothing(tmp_path: Path) -> None:
    """Numbers of any size come in JSON documents; such a record becomes a dead letter."""
    odd = cve_5(1, text(1))
    odd["containers"]["cna"]["metrics"] = [{"other": {"n": 10**30}}]
    source = as_document(tmp_path / "a.json", [cve_5(1, text(1)), odd])
    run = make_run(tmp_path, source)
    publish_all(run)
    work_off(run.queues[0])
    merge(run)
    assert verify(run).ok


def test_it_can_be_left_out(tmp_path: Path) -> None:
    records = [{"text": text(1)}] * 3
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", records), no_dedup=True)
    assert removed(run) == {}
    assert not repeats.is_done(run.path)


def test_what_an_earlier_stage_made_is_not_looked_through(tmp_path: Path) -> None:
    """Parts of one record have one id, and are no duplicates."""
    parts = [{"text": text(1), "kind": "advisory", "id": "RHSA-2030:1", "original": 1}] * 2
    source = write_jsonl(tmp_path / "in.jsonl", parts)
    config = build_config({"stages": ["data_structurer"], "disable_llm": True})
    run = RunFolder(tmp_path / "queues" / "test").create(config, inspect_inputs([source]))
    assert removed(run) == {}


def test_a_person_who_waits_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", [{"text": text(1)}] * 2))
    assert repeats.notice(run) == ""
    monkeypatch.setattr(repeats, "_LARGE_BYTES", 10)
    assert "looking for duplicates in 0 MB of input first" in repeats.notice(run)
    publish_all(run)
    assert repeats.notice(run) == ""


def test_only_the_first_records_are_looked_through_where_only_they_are_wanted(
    tmp_path: Path,
) -> None:
    records = [{"text": text(1)}, {"text": text(2)}, {"text": text(1)}, {"text": text(2)}]
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", records), limit=3)
    assert removed(run).keys() == {"0:3"}


def test_damaged_lines_are_dead_letters_and_counted(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    good = json.dumps({"text": text(1)})
    source.write_text(f"{good}\n{{broken\n{good}\n")
    run = make_run(tmp_path, source)
    publish_all(run)
    work_off(run.queues[0])
    merge(run)
    assert [line["id"] for line in lines(run.removed_file)] == ["0:3"]
    assert [line["id"] for line in lines(run.failed_file)] == ["0:2"]
    assert verify(run).ok


def test_a_split_that_is_resumed_decides_the_same(tmp_path: Path) -> None:
    """Interrupted in the look, and again after some chunks: the decisions are the first ones."""
    said = [text(n % 11) for n in range(40)]
    source = write_jsonl(tmp_path / "in.jsonl", [{"text": one} for one in said])
    run = make_run(tmp_path, source)
    look = repeats.look(repeats.search_of(run), run.path)
    next(look)
    look.close()
    assert not repeats.is_done(run.path)
    flow = Flow(run.queues)
    flow.scan()
    first = Intake(run, flow.stages[0])
    while first.records < 6:
        first.advance(0.0001)
    decided = (run.path / DUPLICATES).read_bytes()
    assert removed(run).keys() == {f"0:{n}" for n in range(12, 41)}
    assert (run.path / DUPLICATES).read_bytes() == decided
    assert not list(run.path.glob("repeats*"))


def test_a_full_disk_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", [{"text": text(1)}] * 4))
    flow = Flow(run.queues)
    flow.scan()
    intake = Intake(run, flow.stages[0])

    def full(fd: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(files, "write_all", full)
        with pytest.raises(OSError):
            while not intake.complete:
                intake.advance(1.0)
    while not intake.complete:
        intake.advance(1.0)
    work_off(run.queues[0])
    merge(run)
    assert len(lines(run.removed_file)) == 3


def test_a_removal_says_which_record_stays(tmp_path: Path) -> None:
    run = make_run(tmp_path, write_jsonl(tmp_path / "in.jsonl", [{"text": text(1)}] * 2))
    publish_all(run)
    chunk = run.queues[0].claim("tests")
    assert chunk is not None
    assert chunk.remaining() == ["0:1"]
    outcome = chunk.outcomes["0:2"].outcome
    assert isinstance(outcome, Removed)
    assert outcome.details["of"] == "0:1"
    chunk.release()
