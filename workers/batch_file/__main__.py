"""Starts the command."""

import sys

from workers.batch_file.command import main

if __name__ == "__main__":
    sys.exit(main())
