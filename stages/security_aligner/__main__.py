"""The command `python -m stages.security_aligner`: this stage alone, on files of its own."""

from stages.security_aligner.stage import SecurityAligner
from workers.cli.one_stage import main

if __name__ == "__main__":
    main(SecurityAligner)
