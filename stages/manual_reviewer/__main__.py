"""The command `python -m stages.manual_reviewer`: review the pairs of a run, or of files."""

from workers.cli.review import main

if __name__ == "__main__":
    main()
