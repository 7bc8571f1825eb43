"""Sentences in another language between English ones; quotations and other texts stay."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text
from stages.text.foreign_sentences import without_foreign_sentences

FRONT = "The Opal loader reaches the host by a macro in a spreadsheet."
END = "It then downloads a stealer from a server and runs it in the memory of the host."
CHINESE = "该加载程序 Opal 通过电子表格中的宏进入主机。"
RUSSIAN = "Загрузчик Opal попадает на компьютер через макрос в таблице."
GERMAN = "Der Lader Opal gelangt über ein Makro in einer Tabelle auf den Rechner des Opfers."
FRENCH = "Le chargeur Opal atteint la machine par une macro d'un tableur, puis en charge une autre."
# What a victim reads, not what the sentence before says.
NOTE = "Ваши файлы зашифрованы, напишите нам за ключом."
PAGE = "Ihr Konto wurde gesperrt, bitte geben Sie jetzt Ihr Kennwort und Ihre Nummer ein."


@pytest.mark.parametrize("foreign", [CHINESE, RUSSIAN, CHINESE + CHINESE, GERMAN, FRENCH])
@pytest.mark.parametrize("gap", [" ", "  "])
def test_a_sentence_between_english_ones_goes(foreign: str, gap: str) -> None:
    """Else an English answer goes on in a language that nobody asked in."""
    assert without_foreign_sentences(f"{FRONT} {foreign}{gap}{END}") == f"{FRONT} {END}"


def test_texts_are_cleaned_of_them() -> None:
    """Else every stage reads the text in two languages."""
    assert CHINESE not in clean_text(f"{FRONT} {CHINESE} {END}")


@pytest.mark.parametrize(
    "text",
    [
        f"{FRONT} {END}",
        f"{FRONT} “{CHINESE}” {END}",
        f"{FRONT} “{GERMAN}” {END}",
        f"{FRONT} Affected: Opal Desktop, Opal Server, Topaz Mail, Garnet Suite, Jade. {END}",
        f"{GERMAN} {GERMAN} {FRONT} {GERMAN} {GERMAN}",
        f'{FRONT} The note reads: {CHINESE} {END}',
        f"{FRONT} Users then see a message. {RUSSIAN} {END}",
        f"{FRONT} The note reads: {RUSSIAN} {RUSSIAN} {CHINESE} {END}",
        f"{FRONT} {RUSSIAN} This text stands in each sample. {END}",
        f"{FRONT} The group is called 银狐 by its victims. {END}",
        f"{FRONT}\n{CHINESE}\n{END}",
        f"{RUSSIAN} {RUSSIAN} {RUSSIAN} {FRONT} {RUSSIAN}",
        f"{CHINESE}{CHINESE}",
        f"{FRONT} 银狐 {END}",
        f"{CHINESE} {FRONT} {END}",
        f"{FRONT} {END} {GERMAN}",
        f"{FRONT} {NOTE} {END}",
        f"{FRONT} {NOTE} {END} {NOTE} {END}",
        f"{FRONT} {PAGE} {END}",
    ],
)  # fmt: skip
def test_what_is_quoted_named_or_in_another_language_stays(text: str) -> None:
    """Else the words of a note or a name are lost, or a text in Russian."""
    assert without_foreign_sentences(text) == text


def test_a_text_in_another_language_is_not_asked_about_sentence_by_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a long report in German takes seconds each time that it is read."""
    monkeypatch.setattr("stages.text.foreign_sentences.surely_another", None)
    assert without_foreign_sentences(f"{GERMAN} " * 50) == f"{GERMAN} " * 50
