"""What a text says again in another language is left out; what it quotes is not."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text
from stages.text.record_language import language_of
from stages.text.translations import without_translation

ENGLISH = (
    "The mail claims to be from the tax office, and asks for the password of the mailbox.\n\n"
    "Whoever has opened the form should change the password and tell the service desk."
)
FRENCH = (
    "Le message prétend venir du bureau des impôts et demande le mot de passe de la messagerie.\n\n"
    "Quiconque a ouvert le formulaire doit changer son mot de passe et prévenir l'assistance."
)
GERMAN = (
    "Die Nachricht gibt vor, vom Finanzamt zu kommen, und fragt nach dem Kennwort des Postfachs.\n"
    "Wer das Formular geöffnet hat, soll sein Kennwort ändern und es dem Dienst melden."
)
CHINESE = (
    "该邮件自称来自税务局，并索要邮箱密码。它附带一个表单，受害者填写后凭据会被发送。\n"
    "任何打开过该表单的人都应更改密码，并通知服务台。"
)
RUSSIAN = (
    "Письмо якобы отправлено налоговой службой, и в нём просят указать пароль от почтового ящика."
    " Всем, кто открыл эту форму, следует сменить пароль и сообщить в службу поддержки."
)


@pytest.mark.parametrize(
    "text",
    [f"{ENGLISH}\n\n{CHINESE}", f"{RUSSIAN}\n{ENGLISH}", f"{ENGLISH}\n\n{FRENCH}",
     f"{GERMAN}\n\n{ENGLISH}", f"{ENGLISH}\n{GERMAN}",
     f"{ENGLISH}\n\nVersion française\n\n{FRENCH}\n\n- Merci."],
)  # fmt: skip
def test_a_translation_is_left_out(text: str) -> None:
    """An English question was answered half in French."""
    assert clean_text(text) == ENGLISH and language_of({}, clean_text(text)) == "en"


@pytest.mark.parametrize("other", [FRENCH, GERMAN, CHINESE, RUSSIAN])
@pytest.mark.parametrize("between", [" ", " / ", " | "])
def test_two_languages_in_one_line_are_told_in_english(other: str, between: str) -> None:
    """The cell of a table has no lines, and was told in both."""
    said, again = (" ".join(text.split()) for text in (ENGLISH, other))
    assert without_translation(f"{said}{between}{again}") == said
    assert without_translation(f"{again}{between}{said}") == said


def test_what_a_line_quotes_of_another_language_stays() -> None:
    asked = "Cher client, votre colis attend au bureau. Payez les frais de douane avant ce soir."
    line = (
        f'The mails of the first wave read: "{asked}" Nobody who had read them called the office.'
    )
    assert without_translation(line) == line
    assert without_translation(f"{ENGLISH.replace(chr(10), ' ')} Merci beaucoup.").endswith("coup.")


@pytest.mark.parametrize("other", [FRENCH, GERMAN, RUSSIAN])
def test_what_a_line_announces_without_marks_stays(other: str) -> None:
    """The words of a lure are what others look for."""
    said, again = (" ".join(text.split()) for text in (ENGLISH, other))
    for line in (f"{said} They got this text: {again}", f"{again} This text was sent. {said}"):
        assert without_translation(line) == line


def test_headings_go_with_their_languages() -> None:
    assert clean_text(f"{ENGLISH}\n\n- 203.0.113.9\n\nAuf Deutsch\n\n{GERMAN}").endswith("0.113.9")
    text = f"Deutsch\n\n{GERMAN}\n\nEnglish\n\n{ENGLISH}\n\n- 203.0.113.9"
    assert without_translation(text) == f"English\n\n{ENGLISH}\n\n- 203.0.113.9"


@pytest.mark.parametrize(
    "text",
    [FRENCH, ENGLISH, f"{ENGLISH}\n\nThe note on the screen reads:\n\n{FRENCH}",
     f"{ENGLISH}\n\n> {GERMAN}", f"{ENGLISH}\n{ENGLISH}\n{GERMAN.splitlines()[0]}",
     f"{FRENCH}\n\n{ENGLISH.splitlines()[0]}\n\n{FRENCH}"],
)  # fmt: skip
def test_quotations_and_texts_in_one_language_stay(text: str) -> None:
    assert without_translation(text) == text
