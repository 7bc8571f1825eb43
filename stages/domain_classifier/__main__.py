"""The command `python -m stages.domain_classifier`: this stage alone, on files of its own."""

from stages.domain_classifier.stage import DomainClassifier
from workers.cli.one_stage import main

if __name__ == "__main__":
    main(DomainClassifier)
