"""The language of a text, told by its words."""

from __future__ import annotations

import pytest

from examples import make_input
from stages.text.language import detected, is_in_another


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
    "text",
    ["7c1e0b5fa29d4486e3317bd0c95af21864de90b7753a1cf8026eb94d5d1f3a60",
     "garamel.ttf  91ccde0b5a7741f3902e4b6fd817a2c3", '"postinstall": "node ./lib/_t.js || true"',
     "SELECT user, pass FROM users WHERE id = 1 UNION ALL SELECT NULL, concat(a) FROM admin"],
)  # fmt: skip
def test_hashes_and_code_are_in_no_other_language(text: str) -> None:
    assert detected(text) == "en"


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
