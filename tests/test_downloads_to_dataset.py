"""From a folder of downloads to a dataset that is loaded and trained on, by the commands alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.dataset_help import lines
from workers.core.exit_status import ExitStatus

PROJECT = Path(__file__).resolve().parents[1]
FLAW = (
    "A missing length check in the {} of Acme {} lets a remote attacker overwrite memory and run"
    " arbitrary code by sending a crafted request to the management port. Version {}.4 fixes it."
)
BRUTE = (
    "Adversaries may guess passwords of service accounts by trying many of them against the login"
    " page, in order to gain access to systems whose credentials are weak or reused. Detection:"
    " many failed logins from one address within a short time."
)
REPORT = (
    "# Ransomware at a water utility\n\nThe attackers sent a phishing mail with a malicious"
    " document to the finance department. The document installed a backdoor that gave them remote"
    " access to the domain controller. They encrypted the file servers two days later. The utility"
    " restored its systems from offline backups and reset all passwords.\n"
)
POST = (
    "A SQL injection vulnerability in the search form of the shop module allows attackers to read"
    " the customer table, including hashed passwords. Administrators should update the module and"
    " rotate their credentials."
)


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    flaws = [
        {"cve": {"id": f"CVE-2030-{10000 + n}", "descriptions": [
            {"lang": "en", "value": FLAW.format(("parser", "router", "driver")[n], n, n)}]}}
        for n in range(3)
    ]  # fmt: skip
    nvd = {"format": "NVD_CVE", "version": "2.0", "vulnerabilities": flaws}
    (folder / "nvd.json").write_text(json.dumps(nvd))
    technique = {
        "type": "attack-pattern", "id": "attack-pattern--1", "name": "Password Guessing",
        "description": BRUTE, "x_mitre_platforms": ["Linux"],
        "external_references": [{"source_name": "mitre-attack", "external_id": "T1110.001"}],
    }  # fmt: skip
    bundle = {"type": "bundle", "id": "bundle--1", "objects": [technique]}
    (folder / "attack.json").write_text(json.dumps(bundle))
    (folder / "own.csv").write_text(
        f'id,title,description\n7,Weak cipher,"{FLAW.format("cipher suite", 9, 9)}"\n'
    )
    with zipfile.ZipFile(folder / "reports.zip", "w") as archive:
        archive.writestr("report.md", REPORT)
    item = f"<item><title>SQL injection in a shop module</title><description>{POST}</description>"
    feed = f"<rss version='2.0'><channel><title>News</title>{item}</item></channel></rss>"
    (folder / "news.xml").write_text(feed)
    return folder


def command(folder: Path, *arguments: str, status: int = 0) -> str:
    environ = {**os.environ, "PYTHONPATH": str(PROJECT), "HF_HUB_OFFLINE": "1",
               "HF_HOME": str(folder / "hub")}  # fmt: skip
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environ, capture_output=True, text=True
    )
    assert ran.returncode == status, ran.stdout + ran.stderr
    return ran.stdout


def review_all(folder: Path) -> None:
    """Every pair that waits is accepted, in a file that goes out and comes back."""
    reviewer = ["-m", "stages.manual_reviewer", "first"]
    command(folder, *reviewer, "--export", "pairs.jsonl")
    waiting = lines(folder / "pairs.jsonl")
    assert waiting and not any(one["decision"] for one in waiting)
    decided = [json.dumps(one | {"decision": "accept"}) + "\n" for one in waiting]
    (folder / "pairs.jsonl").write_text("".join(decided))
    command(folder, *reviewer, "--import", "pairs.jsonl")


def test_downloads_become_a_dataset_that_is_loaded_and_trained_on(
    downloads: Path, tmp_path: Path, tiny_model: Path
) -> None:
    run = [str(PROJECT / "coordinator.py"), "run", "-i", "downloads/", "downloads/nvd.json"]
    every = ["--run", "first", "--stages", "all", "--disable-llm"]
    command(tmp_path, *run, *every, status=ExitStatus.REVIEW)
    review_all(tmp_path)
    command(tmp_path, str(PROJECT / "coordinator.py"), "resume", "first")
    said = command(
        tmp_path, "-m", "stages.final_assembler", "first", "-o", "dataset", "--split", "60/40"
    )
    assert "dataset: dataset (" in said
    made = lines(tmp_path / "dataset" / "provenance.jsonl")
    files = {Path(one["file"]).name for one in made if one["source"] != "template"}
    assert files == {"nvd.json", "attack.json", "own.csv", "reports.zip", "news.xml"}
    removed = lines(tmp_path / "queues" / "first" / "results" / "removed.jsonl")
    again = [one for one in removed if one["details"].get("how") == "exact"]
    assert len(again) == 3, "the NVD document was named twice"

    loaded = command(
        tmp_path, "-c",
        "import datasets; print(sum(map(len, datasets.load_dataset('dataset').values())))",
    )  # fmt: skip
    assert int(loaded.split()[-1]) == len(made)

    trained = ["-m", "mlx_lm", "lora", "--train", "--data", "dataset", "--model", str(tiny_model)]
    command(tmp_path, *trained, "--iters", "2", "--batch-size", "1", "--num-layers", "2")
    assert (tmp_path / "adapters" / "adapters.safetensors").is_file()
