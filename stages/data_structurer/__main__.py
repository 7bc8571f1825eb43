"""The command `python -m stages.data_structurer`: this stage alone, on one file."""

from stages.data_structurer.stage import DataStructurer
from workers.cli.one_stage import main

if __name__ == "__main__":
    main(DataStructurer)
