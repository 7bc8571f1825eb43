"""Full stops that end an abbreviation and no sentence.

Knows the short words of English prose, addresses, papers and law, and some of its neighbours'.
Invariant: a word that is also one of its own, such as "max", counts as short only where the
sentence goes on in a small letter or a number; in doubt a sentence is not cut.
"""

from __future__ import annotations

import re

LOOK_BACK = 20  # characters before a full stop that can make it one of an abbreviation

# Whatever stands behind it.
_ALWAYS = re.compile(
    r"(?:(?i:\b(?:e\.g|i\.e|w\.r\.t|etc|vs|cf|inc|ltd|corp|pvt|pte|dr|mr|mrs|ms|mme|mlle|fig|approx"
    r"|al|ver|resp|[ab]\.k\.a|f\.k\.a|incl|excl|dept|govt|assn|viz|ibid|[ap]\.m|u\.s|u\.k|e\.u|ph\.d"
    r"|z\.b|d\.h|u\.a|o\.a|b\.v|m\.b\.t|bzw|ggf|evtl|vgl|sog|inkl|bijv|núm|pág|aprox|т\.е|т\.к))"
    # Before a name, and in one.
    r"|\b(?:Co|Bros|Univ|Inst|Assoc|Prof|Gov|Sen|Rep|Rev|Hon|Gen|Col|Maj|Capt|Cmdr|Lt|Sgt|Cpl"
    r"|Adm|Supt|Pres|Amb|Msgr|Fr|Sra?|St|Ste|Mt|Ft|Pt|Jr|Ave|Blvd|Bldg|Hwy|Pkwy|Intl|Natl|Mfg"
    r"|Ct|Cir|Supp|Sc|EE|UU|Sig|Dott|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|v)"
    r"|, (?:Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Mass|Md|Mich|Minn|Miss|Mo"
    r"|Mont|Neb|Nev|Okla|Ont|Ore|Pa|Que|Tenn|Tex|Va|Vt|Wash|Wis|Wyo)"
    r"|(?:^|\n)\s*\d{1,2}|\b[A-Z])\.$"
)
# Before a number only: "No. 7", "Vol. 2".
_BEFORE_NUMBER = re.compile(
    r"\b(?:[Nn](?:os?|rs?|ums?)|[Vv]ols?|pp?|[Ss]ecs?|[Ss]ect|[Cc]h|[Aa]rts?|[Ff]igs|[Ee]qs?|[Tt]abs?"
    r"|[Rr]efs?|[Aa]pps?|[Aa]lgs?|[Tt]hm|[Ee]xt?|[Tt]el|[Aa]bs|[Aa]bb|[Cc]a|c|[Ee]st|[Ll]ine|Mar|Apr|Jun|Jul"
    r"|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.$"
)
_NUMBER = re.compile(r"\s{0,4}(?:[#§+]?\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b)")
# Where the sentence goes on in a small letter, or a number.
_BEFORE_SMALL = re.compile(
    r"(?:\b(?i:min|max|avg|est|sec|misc|temp|spec|orig|admin|config|dist|div|eds?|ext|nr|para|pt"
    r"|ariz|calif|colo|conn|fla|mass|mich|minn|okla|penn|tenn|wash|wis"
    r"|refs?|std|tel|var|vol|wt|yrs?|hrs?|mins|secs|mos|wks?|encl|esp|exp|mgmt|mgr|num|prev|prob|proj|qty"
    r"|reqd|sched|supt|tot|usu|intl|natl|neg|abbr|assoc|attn|bldg|ca|mfg|vers|mio|mrd"
    r"|г|ул|руб|тыс|млн|млрд|стр|рис)|\b[a-z](?:\.[a-z]){1,3})\.$"
)
_SMALL = re.compile(r"[ \t]{1,4}[\"'(“‘]?(?:[a-zà-öø-ÿа-я]|\d)")
# What may end a sentence as well: it does before a word that begins one.
_MAY_END = re.compile(
    r"(?:(?i:\b(?:inc|ltd|corp|etc|al|[ap]\.m|u\.s|u\.k|e\.u))"
    r"|\b(?:Co|Jr|Sr)|, (?:Calif|Fla|Mass|Va|Wash))\.$"
)
_BEGINS = re.compile(
    r"[ \t]{1,4}(?:The|It|Its|They|Their|He|She|We|This|These|That|Those|There|In|On|At|After"
    r"|Before|When|While|Since|An?|No|All|But|However|Police|Attackers|Hackers)\b(?! &)"
)
# Of several letters with a blank between them: "z. B.", "i. d. R.", "p. ex.".
_SPACED = re.compile(r"(?:^|[^\w.])(?:[A-Za-zÄÖÜäöü]\. ?){0,3}(?:[a-zäöü]|R)\.$")
_NEXT_LETTER = re.compile(r"[ \xa0]{1,2}(?:[A-Za-zÄÖÜäöü]|ex)\.")
_LAST_LETTER = re.compile(
    r"(?:^|[^\w.])[a-zäöü]\. ?(?:[A-Za-zÄÖÜäöü]\. ?){0,2}(?:[A-Za-zÄÖÜäöü]|ex)\.$"
)
# A date as it is written in German: "am 3. Januar".
_DAY = re.compile(r"\b\d{1,2}\.$")
_MONTH = re.compile(
    r" (?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)


def is_abbreviation(before: str, text: str, end: int) -> bool:
    """Whether the full stop that `before` ends with, at `end` of the text, ends no sentence."""
    if _MAY_END.search(before) and _BEGINS.match(text, end):
        return False
    if _ALWAYS.search(before):
        return True
    if _NUMBER.match(text, end) and _BEFORE_NUMBER.search(before):
        return True
    if _SMALL.match(text, end) and _BEFORE_SMALL.search(before):
        return True
    if _LAST_LETTER.search(before) or (
        _SPACED.search(before) and _NEXT_LETTER.match(text, end) is not None
    ):
        return True
    return _DAY.search(before) is not None and _MONTH.match(text, end) is not None
