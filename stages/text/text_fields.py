"""The names of fields that hold a record's title and text, or only wrap it, in security feeds.

Those of NVD, CVE, OSV, STIX, CWE, CSAF and of plain titles and bodies, in several languages; reads
nothing.  Invariant: a name is spelled as `record_text.plain_key` gives it.
"""

from __future__ import annotations

# In lower case, letters and digits only; names in other languages stand behind the English ones.
TITLE_KEYS = (
    "title",
    "name",
    "headline",
    "subject",
    "vulnerabilityname",
    "cisavulnerabilityname",
    *"cvetitle advisorytitle pluginname synopsis".split(),  # Microsoft, Cisco, Nessus, Red Hat
    *"标题 漏洞标题 漏洞名称 公告标题 タイトル 見出し 제목 título titulo titre titel título"
    " titolo заголовок название наименованиеуязвимости".split(),
)
BODY_KEYS = (
    "summary",
    "abstract",
    "shortdescription",
    "description",
    "descriptions",
    "extendeddescription",
    "details",
    "overview",
    "content",
    "body",
    "questionbody",
    "text",
    "message",
    *"letter post transcript minutes slides paragraphs messages markdown html article".split(),
    "analysis",
    "findings",
    "recommendations",
    "impact",
    "descriptiondata",  # CVE 4, NVD 1.1
    *"desc issuetext".split(),  # scanners: ZAP, Bandit
    *"contenttext contenthtml selftext".split(),  # JSON Feed, Reddit
    *"xhtmlp xhtmldiv xhtmlul xhtmlli".split(),  # CAPEC and CWE, from XML
    *"描述 漏洞描述 简介 漏洞简介 漏洞详情 漏洞概述 摘要 内容 正文 概要 説明 詳細 설명 개요 내용"
    " descripción descripcion resumen contenido résumé contenu beschreibung zusammenfassung inhalt"
    " descrição descricao resumo descrizione"
    " описание описаниеуязвимости текст содержание".split(),
)
# Objects that only wrap the record proper: a title inside them is the record's own.
WRAPPER_KEYS = frozenset(
    "cve cvemetadata cvedatameta containers cna document tracking vulnerability advisory weakness"
    " data attributes fields item entry record incident doc".split()
)
# Objects whose descriptions are about something else than the record.
SKIPPED_KEYS = frozenset(
    "references externalreferences metrics configurations weaknesses problemtypes"
    " problemtype affected authors author organizers credits acknowledgments metadata"
    " databasespecific"
    " sourcedata ownfields domains potentialmitigations mitigations commonconsequences"
    " detectionmethods observedexamples relatedattackpatterns taxonomymappings".split()
)
