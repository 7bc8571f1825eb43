"""The recipe: all that people can change about what the pipeline says and goes by, as one value.

Read once, from YAML, and handed to the stages.  Knows what each file is for; asks nothing and
reads no record.  Invariant: a Recipe that exists is whole, checked, and never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stages.base import Question
from stages.gates.bounds import Bounds
from stages.gates.wording import Wording
from stages.recipe.awareness import Template, read_templates
from stages.recipe.bounds import read_bounds
from stages.recipe.domains import Domains, read_domains
from stages.recipe.files import FILES, RecipeFile, language_of, read_files
from stages.recipe.forms import Forms, read_forms
from stages.recipe.prompts import Prompts, read_prompts
from stages.recipe.questions import Questions, read_questions, read_questions_in
from stages.recipe.relevance import Relevance, read_relevance
from stages.recipe.roles import Roles, read_roles
from stages.recipe.systems import Systems, read_systems
from stages.recipe.trial import Trial, read_trial
from stages.recipe.wording import read_wording
from stages.text.language import ENGLISH


@dataclass(frozen=True, eq=False)
class Recipe:
    """A recipe's parts, one or more for each file, and the files themselves.

    `questions_in`: questions in other languages than English, by their code.
    """

    prompts: Prompts
    questions: Questions
    questions_in: Mapping[str, Questions]
    forms: Forms
    roles: Roles
    relevance: Relevance
    systems: Systems
    domains: Domains
    awareness: tuple[Template, ...]
    trial: Trial
    bounds: Bounds
    files: Mapping[str, RecipeFile]

    def hashes(self) -> dict[str, str]:
        """The sha256 of each file's contents, by its name."""
        return {name: file.sha256 for name, file in self.files.items()}

    @property
    def sha256(self) -> str:
        """Of all contents together."""
        return _digest(self.hashes())

    def sha256_of(self, *names: str) -> str:
        """Of the contents of some files together."""
        return _digest({name: self.files[name].sha256 for name in names})

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that there are questions in, English first."""
        return (ENGLISH, *sorted(self.questions_in))

    def questions_for(self, language: str) -> Questions | None:
        """The questions about texts in a language; one without words is asked about in English."""
        return self.questions if language in ("", ENGLISH) else self.questions_in.get(language)

    @property
    def domain_question(self) -> Question:
        """The choice among the domains."""
        return self.domains.question(self.prompts.domains)


def _digest(hashes: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {hashes[name]}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def load(folder: Path | None = None) -> Recipe:
    """The shipped recipe, with the files of a folder in place of its own.

    Raises RecipeError, which names file and line, and OSError for what can't be read.
    """
    files = read_files(folder)
    roots = {name.removesuffix(".yaml"): files[name].root for name in FILES}
    forms, domains = read_forms(roots["forms"]), read_domains(roots["domains"])
    prompts = read_prompts(roots["prompts"], domains.words)
    wording = read_wording(roots["wording"])
    return Recipe(
        prompts,
        read_questions(roots["questions"], forms.sentences, wording),
        _in_other_languages(files, wording),
        forms,
        read_roles(roots["roles"], roots["role_examples"], prompts.role),
        read_relevance(roots["relevance"]),
        read_systems(roots["systems"]),
        domains,
        read_templates(roots["awareness"], domains.names),
        read_trial(roots["trial"]),
        read_bounds(roots["bounds"], wording),
        files,
    )


def _in_other_languages(
    files: Mapping[str, RecipeFile], wording: Wording
) -> Mapping[str, Questions]:
    found = {language_of(name): file for name, file in files.items() if language_of(name)}
    return {code: read_questions_in(file.root, wording) for code, file in found.items()}


@cache
def shipped() -> Recipe:
    """The recipe of the package, for stages that are handed no other."""
    return load()
