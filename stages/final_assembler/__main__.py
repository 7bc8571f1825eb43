"""The command `python -m stages.final_assembler`: from runs to a dataset."""

from workers.cli.assembly import main

if __name__ == "__main__":
    main()
