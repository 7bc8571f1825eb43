"""The command `models`: lists what is here, fetches one, or checks what a server can do.

Knows the actions and what each of them heeds; the work is model_store's and the endpoint's.
Invariant: what an action would not heed is refused.
"""

from __future__ import annotations

import argparse

from workers.core.errors import UsageError
from workers.core.exit_status import ExitStatus


def models(args: argparse.Namespace) -> int:
    """models: list what is here, fetch one, or check what a server can do."""
    _refuse_void(args)
    if args.action == "fetch":
        from workers.cli.prepare_model import fetched, prepare_model

        prepare_model(fetched(args.name, args.accept_license, _print_at_once), _print_at_once)
        return ExitStatus.FINISHED
    if args.action == "check":
        from workers.cli.check_endpoint import check_endpoint

        return check_endpoint(args.name, args.model)
    _list()
    return ExitStatus.FINISHED


def _refuse_void(args: argparse.Namespace) -> None:
    """Raise UsageError for an argument that the action has no use for."""
    if args.name is not None and args.action == "list":
        raise UsageError(
            f"models list {args.name}: lists all models and takes no name; "
            "`models fetch NAME` fetches one"
        )
    if args.model is not None and args.action != "check":
        raise UsageError(
            f"--model {args.model}: only for `models check URL`; "
            "the model to fetch is named without a flag"
        )
    if args.accept_license and args.action != "fetch":
        raise UsageError("--accept-license: only for `models fetch`")


def _list() -> None:
    from workers.core.terminal import megabytes
    from workers.model_store import list_models

    for model in list_models():
        print(f"{model.name:<44} {megabytes(model.size_bytes):>10}  {model.note}  {model.path}")


def _print_at_once(line: str) -> None:
    print(line, flush=True)
