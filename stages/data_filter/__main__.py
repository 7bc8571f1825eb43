"""The command `python -m stages.data_filter`: this stage alone, on files of its own."""

from stages.data_filter.stage import DataFilter
from workers.cli.one_stage import main

if __name__ == "__main__":
    main(DataFilter)
