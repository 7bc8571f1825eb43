"""The command `python -m stages.data_structurer`: this stage alone, on files of its own."""

from stages.data_structurer.stage import DataStructurer
from workers.cli.one_stage import main

if __name__ == "__main__":
    main(DataStructurer)
