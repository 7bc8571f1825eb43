"""Whether a text ends with code: a command, a condition, a line of a rule.

A full stop behind it would be copied with it.  Knows lines by their form; no language of code.
Invariant: a line of three words of prose or more is code only by its last words.
"""

from __future__ import annotations

import re

MOST_PROSE = 2  # words in small letters in a line of code
LONGEST_LINE = 2_000  # characters

_IN_PROSE = re.compile(r"(?<!\S)[a-z]+(?=[ ,;.)]|$)")
_SIGN = re.compile(r"[;{}|$`]|[=!]=|=>|\w ?=|\w\(\S|(?<!\S)--?[A-Za-z]|\\\w| HTTP/\d")
_FLAG = r"(?<!\S)--?[A-Za-z][\w-]{0,40}"
# What a command or a condition ends with: "-j DROP", "--all", "user=root", "| count by user", "/f";
# a line of a patch.
_LAST_WORDS = re.compile(
    rf"(?:{_FLAG}|{_FLAG} \S*[^\sa-z]\S*|{_FLAG} .{{0,80}}{_FLAG} \S+|\S*[=;{{}}|$`]\S*"
    r"| \| [^|]{0,200}|(?<!\S)/[A-Za-z]{1,3}|\A[+-][a-z_].*\))\Z"
)
# A line of a rule, which a source must have as it is: "condition: selection", set in or not.
_OF_RULE = re.compile(r"(?: {2,}|\t)\S.*|[a-z][\w.|-]{0,40}:(?: \S+){1,3}")
# A command that is words alone, as lists of advice have it: "run net stop spooler".
_PLAIN = r"(?!(?:and|or|the|an?|on|of|to|for|in|if|then|from|with|before|after|as|is|are)\b)\S+"
_COMMAND = re.compile(
    r"(?:\A(?:[-*] )?|[:,] |\b(?:[Rr]un|[Ee]xecute|[Tt]ype|[Ee]nter|[Ii]ssue) )(?:sudo )?"
    r"(?:net (?:start|stop|user|use|view|share|group|localgroup|session|accounts)"
    r"|(?:systemctl|service|sc|reg|netsh|bcdedit|wmic|schtasks|docker|kubectl|ufw|apt|apt-get|dnf"
    r"|yum|npm|pip|brew|snap) (?:[a-z]+ )??(?:start|stop|restart|reload|status|enable|disable|mask"
    r"|delete|query|add|show|list|install|remove|update|upgrade|pull|get|logs|audit|uninstall)"
    r"|(?:ipconfig|gpupdate|whoami|taskkill|nltest|setenforce|chmod|chown|sysctl|modprobe|rmmod))"
    rf"(?: {_PLAIN}){{0,4}}\Z"
)


def is_command(line: str) -> bool:
    """Whether a line ends with a command of plain words."""
    return _COMMAND.search(line) is not None


def has_sign(line: str) -> bool:
    """Whether a line that is no prose holds what code is written with."""
    return _SIGN.search(line) is not None


def ends_with_code(text: str) -> bool:
    """Whether the last line, or what stands behind its last colon, is code."""
    last = _last_line(text)
    piece = last.rpartition(": ")[2]
    prose = len(_IN_PROSE.findall(piece))
    by_sign = prose <= MOST_PROSE and _SIGN.search(piece) is not None
    return by_sign or any(one.search(last) for one in (_LAST_WORDS, _COMMAND))


def ends_as_code_of(text: str, source: str) -> bool:
    """Whether a text ends with code, where a line of its source ends, set in or not."""
    last = _last_line(text)
    of_rule = _OF_RULE.fullmatch(last) is not None
    begin = r"(?:\A|\n)[ \t]*" if of_rule else ""
    ends = re.search(rf"{begin}{re.escape(last.lstrip())}[ \t]*(?:\n|\Z)", source) is not None
    return ends and (of_rule or ends_with_code(text))


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2][-LONGEST_LINE:]
