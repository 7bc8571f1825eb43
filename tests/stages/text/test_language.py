"""The language of a text: stated, else told by its words."""

from __future__ import annotations

from typing import Any

import pytest

from examples import make_input
from stages.text.language import detected, is_in_another, language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [("Una vulnerabilidad de inyección SQL permite a un atacante leer la base de datos.", "es"),
     ("Eine Schwachstelle in Foo erlaubt es Angreifern, beliebigen Code auszuführen.", "de"),
     ("Une vulnérabilité de type injection SQL permet à un attaquant de lire la base.", "fr"),
     ("订单搜索存在SQL注入漏洞，远程攻击者可利用该漏洞读取数据库。", "zh"),
     ("注文検索機能に SQL インジェクションの脆弱性が存在します。", "ja"),
     ("Уязвимость в поиске заказов позволяет злоумышленнику читать базу данных.", "ru"),
     ("SQL injection in Foolib", "en"), ("CVE-2099-0001", "en"), ("2.0.1", "")],
)  # fmt: skip
def test_detected(text: str, code: str) -> None:
    assert detected(text) == code


def test_technical_english_is_english() -> None:
    texts = [technique["description"] for technique in make_input.attack_techniques()]
    names = [weakness["name"] for weakness in make_input.cwe_weaknesses(make_input.cwe_rows())]
    assert {detected(text) for text in [*texts, *names]} <= {"en", ""}


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


@pytest.mark.parametrize(
    "text",
    ["7c1e0b5fa29d4486e3317bd0c95af21864de90b7753a1cf8026eb94d5d1f3a60",
     "garamel.ttf  91ccde0b5a7741f3902e4b6fd817a2c3", '"postinstall": "node ./lib/_t.js || true"',
     "SELECT user, pass FROM users WHERE id = 1 UNION ALL SELECT NULL, concat(a) FROM admin"],
)  # fmt: skip
def test_hashes_and_code_are_in_no_other_language(text: str) -> None:
    assert detected(text) == "en"


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


def test_a_passage_in_another_language_is_told_and_a_name_is_not() -> None:
    """An English answer ended with a German field."""
    german = "Die Angreifer haben die Sicherungen gelöscht und fordern ein Lösegeld."
    english = "The attackers deleted the backups before they encrypted the servers."
    assert is_in_another(german, "en") and is_in_another(english, "de")
    assert is_in_another("攻撃者はバックアップを削除し、身代金を要求した。", "en")
    for text in (english, "Velora GmbH", "Stadtwerke Nordheim", "", "SELECT a FROM b WHERE c = 1"):
        assert not is_in_another(text, "en")
    for text in (german, "Velora Mail Server", "Update"):
        assert not is_in_another(text, "de")
    assert not is_in_another(german, "")
