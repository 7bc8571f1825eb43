"""Puts a dataset's folder on the Hugging Face hub, or says what would be put there.

Knows the folder and the hub's client, which finds the token where it keeps it.  Invariant:
nothing leaves the machine but the dataset's own files, and nothing at all with --dry-run.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from workers.cli.dataset_folder import files_of
from workers.core.command_parser import CommandParser
from workers.core.errors import PoolError, UsageError
from workers.core.exit_status import ExitStatus
from workers.core.terminal import plain_text

_REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


def push_parser() -> CommandParser:
    """The flags of `push`."""
    parser = CommandParser(
        prog="python -m stages.final_assembler push",
        usage="%(prog)s FOLDER REPO [--public] [--dry-run]",
        description="Upload an assembled dataset to the Hugging Face hub, private unless "
        "--public is given.",
        epilog="The token is the one of `hf auth login`, or HF_TOKEN.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="an assembled dataset")
    parser.add_argument("repo", metavar="REPO", help="dataset repository on the hub: OWNER/NAME")
    parser.add_argument("--public", action="store_true", help="make it public")
    parser.add_argument("--dry-run", action="store_true", help="only list what would be uploaded")
    return parser


def push(args: argparse.Namespace) -> ExitStatus:
    """Put it there; raises UsageError or PoolError when that can't be done."""
    if not _REPO.fullmatch(args.repo):
        raise UsageError(f"{args.repo}: must be OWNER/NAME")
    names = files_of(args.folder)
    if names is None:
        raise UsageError(f"{args.folder}: not a dataset that final_assembler made")
    if missing := sorted(name for name in names if not (args.folder / name).is_file()):
        raise UsageError(f"{args.folder / missing[0]}: is missing; assemble the dataset again")
    who = "public" if args.public else "private"
    print(f"{args.folder} to the {who} dataset {args.repo}:")
    for name in sorted(names):
        size = (args.folder / name).stat().st_size
        print(f"  {plain_text(name):<40}{size:>15,} bytes")
    if args.dry_run:
        print("nothing was sent (--dry-run)")
        return ExitStatus.FINISHED
    return _send(args, sorted(names))


def _send(args: argparse.Namespace, names: list[str]) -> ExitStatus:
    api = _api()
    try:
        api.create_repo(args.repo, repo_type="dataset", private=not args.public, exist_ok=True)
        api.upload_folder(
            repo_id=args.repo,
            repo_type="dataset",
            folder_path=str(args.folder),
            allow_patterns=names,
            commit_message="Dataset assembled by cyberllm-pool",
        )
    except (OSError, ValueError) as error:  # the client's errors are OSErrors
        raise PoolError(f"the hub refused {args.repo}: {plain_text(error, 500)}") from None
    print(f"sent: {api.endpoint}/datasets/{args.repo}")
    return ExitStatus.FINISHED


def _api() -> Any:
    """The hub's client with the person's token."""
    from huggingface_hub import HfApi, get_token

    if get_token() is None:
        raise UsageError("no Hugging Face token: run `hf auth login`, or set HF_TOKEN")
    return HfApi()
