r"""Texts of papers in LaTeX without its commands: "\emph{Foo}~\cite{a}" is "Foo".

Knows the commands that format words, point elsewhere or stand for a sign.  Invariant: a text
without two such commands, or one in a paper, keeps its formulas, paths and variables, as does one
with a path of a drive or what a shell runs.
"""

from __future__ import annotations

import re

_FORMATS = (
    "textit|textbf|texttt|textsc|textsf|textrm|textsl|textup|emph|underline|mathrm|mathbf|mathit"
    "|mathcal|mathsf|text|mbox|operatorname"
)
_POINTS = "cite[a-zA-Z]{0,10}|footnotemark|label|footnote|thanks|ref|eqref|autoref|cref|Cref"
# A backslash behind a letter, a mark of a drive or another backslash parts a path.
_BEGINS = r"(?<![\w:\\.%/-])\\"
# One of them may be a pattern, a variable or a payload; a paper has several.
_SHOWS_IT = re.compile(
    rf"{_BEGINS}(?P<command>{_FORMATS}|url|href)\{{(?!\\)[^{{}}]"
    rf"|[\w.)}}]?~?\\(?P<point>{_POINTS})\{{[\w:.,/ -]+\}}"
    r"|(?<![\w$\\])\$(?:[^\s$][^$\n]{0,200})?\\(?P<sign>[a-zA-Z]{2,12})\b[^$\n]{0,200}(?<!\s)\$"
    r"(?![\w$])"
)
_PAPER = re.compile(
    r"\b[Ww]e (?:propose|present|show|introduce|evaluate|demonstrate)\b|\b[Tt]his paper\b"
)
_OF_NUMBERS = re.compile(r"(?<=\d)\\(?=%(?:[\s.,;)]|$))|\\(?=\$\d)")
# There its commands are what is told, as is code in the marks of Markdown.
_SPEAKS_OF_IT = re.compile(
    r"tex\b|mathjax|\bmacros?\b|javascript:|\b[a-z]:\\"
    r"|\$\([a-z][\w ./|-]{0,80}\)|\$\{\w{1,40}[}:]",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"(``?)([^`'\n]{1,200}(?:'\w[^`'\n]{1,100}){0,3})''?(?!\w)")
_GROUP = r"\{([^{}\n]{0,2000}(?:\n[^{}\n]{0,500}){0,3})\}"
_POINTED = re.compile(rf"(?:~|[ ]?)\\(?:{_POINTS})\*?(?:\[[^\[\]\n]{{0,80}}\]){{0,2}}{_GROUP}")
# "(see Section~\ref{x})" says nothing without its number; "For ropes, see~\ref{x}." ends in "see".
_SEE = r"(?:[Ss]ee(?: also)?|[Cc]f\.)"
_SEE_IN_BRACKETS = re.compile(
    rf"[ ~]?\((?:{_SEE}[ ~])?(?:[A-Z][a-z]+\.?[ ~])?\\(?:{_POINTS})\*?{_GROUP}\)"
)
_SEE_THERE = re.compile(rf"({_SEE})[ ~]\\(?:{_POINTS})\*?{_GROUP}(?=\s*[.,;:)]|\s*\Z)")
_LINK = re.compile(rf"\\href\{{[^{{}}\n]{{0,1000}}\}}{_GROUP}|\\url{_GROUP}")
_FORMATTED = re.compile(
    rf"\\(?:{_FORMATS})\*?{_GROUP}|\{{\\(?:em|it|bf|tt|sc) ([^{{}}\n]{{1,500}})\}}"
)
_MATH = re.compile(
    r"(?<![\\$\w])\$(?![\s$])([^$\n]{1,300}?)(?<![\s\\$])\$(?![\w$])|\\\(([^\n]{1,300}?)\\\)"
)
_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Delta": "Δ", "Omega": "Ω",
    "times": "×", "cdot": "·", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
    "neq": "≠", "approx": "≈", "sim": "∼", "ll": "≪", "gg": "≫", "to": "→", "rightarrow": "→",
    "in": "∈", "infty": "∞", "ldots": "...", "dots": "...", "cdots": "...", "circ": "°",
    "log": "log", "ln": "ln", "min": "min", "max": "max", "exp": "exp", "left": "", "right": "",
    "quad": " ", "textbackslash": "\\", "LaTeX": "LaTeX",
}  # fmt: skip
_SIGN = re.compile(rf"\\({'|'.join(_SIGNS)})(?![a-zA-Z])(?:\{{\}})?")
_RAISED = re.compile(r"\^\{([^{}\n]{1,20})\}")
_LOWERED = re.compile(r"_\{([^{}\n]{1,20})\}")
_ESCAPED = re.compile(r"\\([%&#_${}])")
_TIE = re.compile(r"(?<=[\w.,)])~(?=[\w(\[])")
_DEEPEST = 4  # commands within one another
_KEPT = "\x04"  # for a dollar that begins no formula


def plain_latex(text: str) -> str:
    """The words of a text in LaTeX; any other text as it is, a paper's without the backslashes
    at its numbers."""
    marked = "\\" in text or "$" in text
    if not marked or _SPEAKS_OF_IT.search(text) or "`" in _QUOTED.sub("", text):
        return text
    paper = _PAPER.search(text) is not None
    if not _is_latex(text, paper):
        return _OF_NUMBERS.sub("", text) if paper else text
    text = _MATH.sub(_in_line, text.replace("\\$", _KEPT))
    text = _SEE_THERE.sub(r"\1 elsewhere", _SEE_IN_BRACKETS.sub("", text))
    text = _POINTED.sub("", text)
    for _ in range(_DEEPEST):
        text, links = _LINK.subn(_first, text)
        text, formatted = _FORMATTED.subn(_first, text)
        if not links + formatted:
            break
    text = _SIGN.sub(lambda sign: _SIGNS[sign[1]], _ESCAPED.sub(r"\1", text))
    return _QUOTED.sub(_quoted, _TIE.sub(" ", text)).replace(_KEPT, "$")


def _is_latex(text: str, paper: bool) -> bool:
    """Whether it has two different commands of LaTeX, one in a paper or a known sign in a
    formula."""
    seen: set[str] = set()
    for found in _SHOWS_IT.finditer(text):
        kind = found.lastgroup or ""
        if kind != "sign":
            seen.add(found[kind])
        if len(seen) > (not paper) or (kind == "sign" and found[kind] in _SIGNS):
            return True
    return False


def _quoted(found: re.Match[str]) -> str:
    mark = '"' if len(found[1]) > 1 else "'"
    return f"{mark}{found[2]}{mark}"


def _first(found: re.Match[str]) -> str:
    return next((one for one in found.groups() if one is not None), "")


def _in_line(formula: re.Match[str]) -> str:
    r"""A formula as one types it: "$10^{-3}$" is "10^-3", "$n \leq 4$" "n ≤ 4"."""
    inside = _SIGN.sub(lambda sign: _SIGNS[sign[1]], _first(formula))
    inside = _LOWERED.sub(r"_\1", _RAISED.sub(r"^\1", inside))
    return re.sub(r"\\[,;:! ]", " ", inside).strip()
