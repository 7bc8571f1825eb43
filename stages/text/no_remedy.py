"""Sentences by which vendors say that there is no remedy: "No fix is planned.", "Won't fix".

Knows the phrases of vendors, databases and coordinators; reads no record.  Invariant: a sentence
counts as a whole, so that one which goes on to say what to do is none.
"""

from __future__ import annotations

import re

LONGEST = 400  # characters of such a sentence

_KIND = (
    r"(?:(?:hot-?)?fix(?:es)?|patch(?:es)?|work-?arounds?|mitigations?|mitigating factors?"
    r"|upgrades?"
    r"|solutions?|(?:bug ?)?fix(?:es)?|(?:software |firmware |security )?updates?|remediations?"
    r"|remed(?:y|ies)|countermeasures?|resolutions?|(?:patched|fixed) (?:versions?|releases?))"
)
_DATE = r"(?:now|\w+ \d{1,2},? \d{4}|\w+ \d{4}|\d{4}-\d\d-\d\d|today|this \w+)"
_MOMENT = (
    r"(?:the )?(?:time|date|moment) of (?:this |the )?(?:writing|publication|publishing|disclosure"
    r"|update|release|advisory|report(?:ing)?)"
)
_WHEN = (
    r"(?:currently|presently|at present|unfortunately|so far|to date|as yet|yet|still"
    rf"|as of {_DATE}|(?:at|as of) {_MOMENT}|at (?:this|the) (?:time|moment|point)(?: in time)?)"
)
_WORDS = r"(?:[a-z-]+ ){0,3}?"
_KINDS = rf"{_WORDS}{_KIND}(?:(?: or | and |/|, (?:or )?){_WORDS}{_KIND}){{0,2}}"
_OF_THIS = r"(?:for|to|that (?:(?:completely|fully) )?address(?:es)?) (?:this|these|the) [a-z]+"
_BEHIND = (
    r"(?:,? (?:is|are|was|were|exists?|has been|have been|known|available|provided|planned|made"
    r"|released|identified|given|specified|required|needed|necessary|possible|recommended|offered"
    rf"|published|{_WHEN}|(?:from|by) the (?:vendor|manufacturer|developers?)|{_OF_THIS}"
    r"|that meets? .{0,200}))*"
)
_WHO = r"(?:[\w./&'-]+ ){0,5}?[\w./&'-]+"
_FOUND = (
    r"(?:identified|found|released|provided|published|issued|announced|developed|made available)"
)
_LACKS = (
    rf"(?:(?:is|are) (?:{_WHEN} )?(?:not aware|unaware) of"
    rf"|(?:has|have) not (?:yet )?(?:been able to (?:identify|find|provide) |{_FOUND} )"
    r"|(?:has|have) investigated [^.]{5,120} (?:has|have) not been able to (?:identify|find))"
)
_NO_ANSWER = r"(?:respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?|react(?:ed)?)"
_IN_ENGLISH = (
    rf"(?:(?:there (?:is|are|was|were)|there's|we (?:know|are aware) of"
    rf"|the vendor (?:has|provides|offers)) (?:{_WHEN} )?)?(?:no|not any) {_KINDS}{_BEHIND}",
    rf"there (?:isn't|aren't|is not|are not) (?:{_WHEN} )?(?:any|an?) {_KINDS}{_BEHIND}",
    rf"{_WHO} {_LACKS} ?(?:any|an?|the) (?:{_KINDS}|practical examples?){_BEHIND}",
    rf"(?:an? |the )?{_KINDS}(?: {_OF_THIS})?(?: (?:is|are|has|have))?(?: been)?(?: {_WHEN})?"
    rf" (?:not (?:yet )?(?:been )?|un)(?:available|known|planned|provided|released|possible"
    rf"|identified|published|developed|offered){_BEHIND}",
    rf"(?:an? |the )?{_KINDS}(?: {_OF_THIS})? (?:is|are) either (?:not |un)available or .{{0,300}}",
    rf"{_WHO} (?:has|have) not released and will not release {_KINDS}.{{0,150}}",
    rf"none{_BEHIND}|unknown{_BEHIND}|nothing (?:to do|(?:is|was) (?:needed|required|available))",
    r"(?:not|none) (?:yet )?(?:applicable|available|known|specified|provided|required|needed"
    r"|defined|determined|disclosed|published|planned|fixed|patched|released|identified|possible"
    rf"|supported){_BEHIND}",
    rf"no (?:\w+ ){{0,2}}?actions? (?:(?:is|are) )?(?:required|needed|necessary){_BEHIND}",
    r"(?:(?:it|this) )?(?:will not|won'?t)(?: be)? (?:fix(?:ed)?|patch(?:ed)?)|wontfix|fix deferred"
    r"|no plans? to (?:fix|patch)(?: (?:this|it|these)(?: [a-z]+)?)?|eol|unsupported"
    r"|out of (?:support|maintenance)(?: scope)?|end of (?:life|support|maintenance)",
    rf"(?:the )?(?:vendor|developer|maintainer|manufacturer|author)s? (?:did not|didn't"
    rf"|ha(?:s|ve) not|ha(?:s|ve)n't) (?:yet )?{_NO_ANSWER}{_BEHIND}",
    rf"no (?:reply|response|answer|reaction) (?:(?:was|has been) received )?"
    rf"from the [a-z]+{_BEHIND}",
    rf"{_WHO} (?:did not|ha(?:s|ve) not) respond(?:ed)? to (?:[\w']+ )?(?:requests?|attempts?"
    r"|inquir(?:y|ies)) (?:at|to|for|of|by)\b.{0,150}",
    r"(?:currently )?(?:under investigation|being investigated)|to be (?:determined|announced)",
    rf"information not (?:yet )?(?:available|provided|known){_BEHIND}",
)
_IN_OTHERS = (
    # German
    r"(?:(?:derzeit|aktuell|zurzeit|bislang|bisher|noch|es|gibt|ist|sind|steht|liegt|stehen"
    r"|wurde|wurden) )*"
    r"keine?n? (?:[a-zäöüß-]+ )?(?:lösung(?:en)?|abhilfe|workarounds?|patch(?:es)?|updates?|fix"
    r"|(?:gegen)?maßnahmen?|sicherheitsupdates?)(?: (?:ist|sind|steht|stehen|derzeit|aktuell"
    r"|bislang"
    r"|noch|bekannt|verfügbar|vorhanden|geplant|zur verfügung|vor))*",
    # French
    r"(?:(?:actuellement|à ce jour|pour le moment),? |il n'existe )*aucune? (?:[a-zéèêà-]+ )?"
    r"(?:solution|correctif|mesure|contournement|patch|mise à jour)(?: (?:n'est|n'existe|de"
    r" contournement|de sécurité|connue?|disponible|prévue?|actuellement|à ce jour|pour le"
    r" moment))*",
    # Spanish, Portuguese, Italian
    r"(?:(?:actualmente|por el momento|por ahora|de momento),? )*no (?:hay|existen?|se conocen?|se"
    r" ha"
    r" (?:publicado|identificado|reportado))(?: (?:actualmente|por el momento|ningún|ninguna|una"
    r"|un))*"
    r" (?:solución|soluciones|parches?|mitigación|mitigaciones|medidas|actualización"
    r"|actualizaciones)"
    r"(?: (?:disponibles?|conocidas?|reportadas?|oficial(?:es)?|por el momento|de momento"
    r"|actualmente))*",
    r"(?:(?:atualmente|no momento|até o momento),? )*não (?:há|existem?)(?: (?:nenhum|nenhuma|uma"
    r"|um))?"
    r" (?:solução|soluções|correção|correções|patch(?:es)?|mitigações|mitigação)"
    r"(?: (?:disponíve(?:l|is)|conhecidas?|no momento|até o momento))*",
    r"(?:(?:attualmente|al momento),? )*(?:non (?:è|sono) (?:disponibil[ei]|not[aeio]) (?:una "
    r"|alcuna )?"
    r"(?:soluzion[ei]|patch|mitigazion[ei])|nessuna (?:soluzione|patch|mitigazione)"
    r"(?: (?:è|disponibile|nota|al momento|attualmente))*)",
    # Russian
    r"(?:исправлени[ея]|обновлени[ея]|решени[ея]) (?:пока |ещё |еще )?(?:отсутству[ею]т"
    r"|недоступн[оы]"
    r"|не выпущен[оы])",
    # Of CNNVD, CNVD and JVN; a link may follow
    r"(?:目前|暂时)?(?:厂商|供应商)?(?:尚未|暂未|还没有|暂无|没有|未)(?:提供|发布|公布)?[^。]{0,12}"
    r"(?:补丁|修复|解决方案|修补|升级|措施)[^。]{0,20}(?:[,，、]?\s*(?:建议|请)[^。]{0,120})?",
    r"(?:現時点|現在)?(?:では|で|、)*(?:対策|修正|回避策|パッチ)[^。]{0,16}"
    r"(?:公開されていません|提供されていません|ありません|存在しません|不明です)",
)
_NO_REMEDY = re.compile(
    rf"(?:{_WHEN},? )*(?:{'|'.join(f'(?:{one})' for one in (*_IN_ENGLISH, *_IN_OTHERS))})"
)
# One of these stands in every such sentence.
_HINT = re.compile(
    r"\b(?:no|not|none|nothing|un\w+|wo?n'?t\w*|does|isn't|aren't|under|being|to be|information"
    r"|eol|end"
    r"|out|fix deferred|didn't|hasn't|haven't)\b|kein|aucun|não|non|nessun|отсутств|недоступ|не "
    r"|[尚暂没未無]|ません|不明"
)


def denies_remedy(sentence: str) -> bool:
    """Whether a sentence, in lower case and without its full stop, only says that there is none."""
    said = sentence.replace("’", "'")
    known = len(said) <= LONGEST and _HINT.search(said) is not None
    return known and _NO_REMEDY.fullmatch(said) is not None
