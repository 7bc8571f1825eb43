"""The language of a record: what it states, where its text is in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from stages.text.record_language import language_of


@pytest.mark.parametrize(
    ("code", "text"),
    [("nl", "Er is een kwetsbaarheid in de server gevonden. De fout is aanwezig in versie 2.0 of"
            " ouder en is te misbruiken in een netwerk."),
     ("pt", "A falha permite a execução de código a partir da rede. A correção para a versão 2 foi"
            " publicada e a atualização é recomendada a todos."),
     ("it", "La falla in Foo consente a un utente di leggere file in remoto. È stata corretta in"
            " aprile, in versione 2, a causa di un errore in memoria."),
     ("ro", "O vulnerabilitate a fost descoperită in Foo. A fost remediată in versiunea 2 a"
            " produsului, care are a doua eroare in cod."),
     ("de", "Was in Foo an Daten war, war in Gefahr. Der Angreifer will an alle Daten in der"
            " Datenbank."),
     ("pl", "To as w rękawie i to on jest groźny. Błąd w Foo pozwala na zdalne wykonanie kodu."),
     ("no", "Feilen i Foo gir tilgang for alle. Det er mulig for angripere å lese filer."),
     ("lt", "Programos Foo pažeidžiamumas leidžia nuotoliniams užpuolikams skaityti failus."),
     ("sl", "Ranljivost v programu Foo omogoča oddaljenim napadalcem branje datotek."),
     ("ca", "Una vulnerabilitat a Foo permet als atacants remots llegir fitxers del servidor.")],
)  # fmt: skip
@pytest.mark.parametrize("stated", [{}, {"lang": "en"}])
def test_short_words_that_english_shares_are_no_english(
    code: str, text: str, stated: dict[str, str]
) -> None:
    """A Dutch advisory was once asked about in English: it has "in", "is" and "of"."""
    assert language_of(stated, text) == code


@pytest.mark.parametrize(
    ("code", "name", "text"),
    [("gl", "glg", "Unha vulnerabilidade en Foo permite aos atacantes remotos ler ficheiros."),
     ("ms", "Malay", "Kerentanan dalam Foo membolehkan penyerang jauh membaca fail pelayan."),
     ("lt", "lit", "Programos Foo pažeidžiamumas leidžia nuotoliniams užpuolikams skaityti."),
     ("hr", "Croatian", "Ranjivost u programu Foo omogućuje udaljenim napadačima čitanje."),
     ("et", "et-EE", "Foo haavatavus võimaldab kaugründajatel lugeda faile. Uuendage tarkvara."),
     ("no", "nb", "Feilen i Foo gir tilgang for alle. Det er mulig for angripere å lese filer.")],
)  # fmt: skip
def test_a_language_that_is_not_detected_may_be_stated(code: str, name: str, text: str) -> None:
    assert language_of({"lang": code}, text) == language_of({"language": name}, text) == code
    english = "The method copies a header into a buffer without a check, so that thieves run code."
    assert language_of({"lang": code}, english) == "en"


def test_other_words_are_no_languages() -> None:
    text = "The method copies a header into a buffer without a check, so that thieves run code."
    for name in ("Python", "xx", "go", "js", "mac", "Basic"):
        assert language_of({"language": name}, text) == "en"
        assert language_of({"language": name}, "Heap overflow in Foo") == "en"


@pytest.mark.parametrize(
    ("record", "code"),
    [({"lang": "es-MX"}, "es"), ({"language": "English"}, "de"), ({"language": "Python"}, "de"),
     ({"language": 5}, "de"), ({"original": {"lang": "fr"}, "text": "x"}, "de")],
)  # fmt: skip
def test_a_stated_language_counts_before_the_text(record: dict[str, Any], code: str) -> None:
    text = "Eine Schwachstelle in Foo erlaubt es Angreifern, beliebigen Code auszuführen."
    assert language_of(record, text) == code


@pytest.mark.parametrize("stated", [{"lang": "en"}, {"language": "en-US"}])
def test_english_is_stated_of_texts_that_are_none(stated: dict[str, Any]) -> None:
    """Authors of CVE do so, and templates of web pages."""
    text = "Una vulnerabilidad de inyección SQL permite a un atacante leer la base de datos."
    assert language_of(stated, text) == "es"
    english = ["SQL injection in Foolib 2.0.1 login.php", "", "2.0.1", "Acme Viewer: heap overflow"]
    assert [language_of(stated, one) for one in english] == ["en"] * 4


def test_a_name_of_a_programming_language_is_no_language_of_an_english_text() -> None:
    text = "The method copies a header into a buffer without a check, so that thieves run code."
    dutch = "De fout in de lezer van Foo is van hoge aard, en een dief kan in het netwerk komen."
    assert [language_of({"language": code}, text) for code in ("cs", "pl", "sv")] == ["en"] * 3
    assert language_of({"language": "nl"}, dutch) == "nl"
    assert language_of({"language": "de"}, "Pufferüberlauf in Foo") == "de"
