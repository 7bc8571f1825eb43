"""Questions in the language of the text, from a recipe that has some; none without."""

from __future__ import annotations

from pathlib import Path

import pytest

from stages.base import Record, Removed, Result
from stages.data_structurer.stage import DataStructurer
from stages.recipe.recipe import load
from tests.stage_help import run

# A language, what is asked, a record, and the pair that it is to give.
GERMAN: Record = {
    "id": "CVE-2099-0007",
    "description": "Die Bestellsuche von Acme Shoplane vor 4.2.1 prüft den Parameter q nicht, und"
    " ein Angreifer liest damit die Datenbank aus.",
}
JAPANESE: Record = {
    "id": "CVE-2099-0008",
    "description": "注文検索機能には脆弱性があり、遠隔の第三者がデータベースの内容を取得できます。",
}
CHINESE: Record = {"text": "订单搜索存在漏洞，远程攻击者可利用该漏洞读取数据库。"}
RUSSIAN: Record = {
    "title": "Уязвимость в Acme Shoplane",
    "text": "Поиск заказов не проверяет ввод, и злоумышленник читает базу данных.",
}
ARABIC: Record = {"text": "لا يتحقق البحث عن الطلبات من الإدخال، فيقرأ المهاجم قاعدة البيانات."}
_ASKED = {
    "de": ("Schwachstelle", "Was ist {name}?"),
    "ja": ("脆弱性", "{name}とは何ですか？"),
    "zh": ("报告", "{name}讲了什么？"),
    "ru": ("отчёт", "О чём говорит {name}?"),
    "ar": ("التقرير", "ماذا يصف {name}؟"),
}
_FILE = """naming: {{mentions: '{{noun}} ({{name}})', begins: '{{noun}} "{{words}}"'}}
kinds:
  vulnerability:
    noun: {noun}
    questions:
      - {{type: what, asks: what, wordings: ['{asked}'], answered: [{{by: lead}}]}}
  other: {{noun: {noun}, questions_of: vulnerability}}
"""


def questions_in(folder: Path, code: str) -> DataStructurer:
    noun, asked = _ASKED[code]
    text = _FILE.format(noun=noun, asked=asked)
    (folder / f"questions.{code}.yaml").write_text(text, encoding="utf-8")
    return DataStructurer(recipe=load(folder))


@pytest.mark.parametrize(
    ("code", "record", "asked"),
    [("de", GERMAN, "Was ist CVE-2099-0007?"),
     ("ja", JAPANESE, "CVE-2099-0008とは何ですか？"),
     ("zh", CHINESE, '报告 "订单搜索存在漏洞，远程攻击..."讲了什么？'),
     ("ru", RUSSIAN, 'О чём говорит отчёт "Уязвимость в Acme Shoplane"?'),
     ("ar", ARABIC, 'ماذا يصف التقرير "لا يتحقق البحث عن الطلبات من..."؟')],
)  # fmt: skip
def test_a_recipe_asks_in_the_language_of_the_text(
    tmp_path: Path, code: str, record: Record, asked: str
) -> None:
    outcome = run(questions_in(tmp_path, code), {**record, "language": code})
    assert isinstance(outcome, Result), outcome
    [pair] = outcome.records
    assert pair["response"] == record.get("description", record.get("text"))
    assert pair["quality"]["verbatim"] == 1
    assert pair["instruction"] == asked
    assert pair["source_data"]["language"] == code


@pytest.mark.parametrize("stated", [{}, {"language": "German"}, {"language": "en"}])
def test_a_text_alone_is_known_by_its_words(tmp_path: Path, stated: Record) -> None:
    """No filter has told its language, or somebody has told it wrong."""
    asked = run(questions_in(tmp_path, "de"), {**GERMAN, **stated})
    assert isinstance(asked, Result), asked
    [pair] = asked.records
    assert pair["instruction"] == "Was ist CVE-2099-0007?"
    outcome = run(DataStructurer(), {**GERMAN, **stated})
    assert isinstance(outcome, Removed) and outcome.details["language"] == "de"


def test_texts_in_other_languages_get_no_question(tmp_path: Path) -> None:
    stage = questions_in(tmp_path, "ja")
    paper = {"abstract": JAPANESE["description"], "authors": "Y. Z"}
    for record, language in ((GERMAN, "de"), (paper, "ja")):
        outcome = run(stage, {**record, "language": language})
        assert isinstance(outcome, Removed) and outcome.details["language"] == language
        assert outcome.reason == "there are no questions in its language"
