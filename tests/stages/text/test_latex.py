"""The words of a paper's abstract come out of its LaTeX; paths and variables stay as they are."""

from __future__ import annotations

import time

import pytest

from stages.text.latex import plain_latex
from tests.stage_help import PATIENCE


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"We show \textit{Opal}, a fuzzer~\cite{one,two}.", "We show Opal, a fuzzer."),
        (r"\emph{Opal \textbf{two}} reads \texttt{a\_b}.", "Opal two reads a_b."),
        (r"We show that it is 31\% faster, and costs \$5 of \$9.",
         "We show that it is 31% faster, and costs $5 of $9."),
        (r"We show that $HOME$ is set at 7\% of hosts.",
         "We show that $HOME$ is set at 7% of hosts."),
        (r"It takes $O(n \log n)$ steps at $\mu = 5$.", "It takes O(n log n) steps at μ = 5."),
        (r"We present \emph{Opal} with $n=12$ bugs in $k$-anonymous sets.",
         "We present Opal with n=12 bugs in k-anonymous sets."),
        (r"This paper shows that one in $10^{-3}$ fails~\cite{tab}.",
         "This paper shows that one in 10^-3 fails."),
        (r"A ``living off'' attack \cite{x} is \emph{`new'}.", "A \"living off\" attack is 'new'."),
        (r"We present Opal: \url{https://a.example/x}.", "We present Opal: https://a.example/x."),
        (r"We show that it is 31\% faster.", "We show that it is 31% faster."),
        (r"It \emph{rings} (see Section~\ref{a}). For ropes, see~\ref{x}.",
         "It rings. For ropes, see elsewhere."),
        (r"It rings, cf.~\cite{b}, and \emph{we} see~\cite{b} ropes (Figure~\ref{f}).",
         "It rings, cf. elsewhere, and we see ropes."),
    ],
)  # fmt: skip
def test_words_come_out_of_latex(text: str, plain: str) -> None:
    """Answers about papers would have commands in them that no reader sees."""
    assert plain_latex(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        r"The worm copies itself to C:\textit\{8F6F}\new.exe and \\server\emph\x.",
        "Set $PATH and $HOME, then run $a=$b; echo $x.",
        r"if ($a < 5 && $b > 6) { $_GET['x']; } matches ^\d+\$",
        r"Overleaf's LaTeX lets \href{javascript:alert(1)}{a} run.",
        r"The field takes `\textit{a}` as it is.",
        "It costs $5 and then $6, in total $11.",
        r"LIKE '100\%' finds all rows.",
        r"9\% of hosts fail. The template has $host$ and $port$.",
        r"It sends \href{https://a.example}{sign in} to each user.",
        r"We show that \href{javascript:f()}{go} runs at 9\% of hosts.",
        r"The template fills $x$ with the name.",
        r"The job sets $a=1 and $b$ in turn, and 7\% of hosts ran it.",
        r"We show that the shell expands $HOME$ and that $a=1; b=$(id)$ runs at 7\% of hosts.",
        r"They paid \$5 for 7\% of the keys in D:\dump\{x}.",
        r"We show that the shell sets $HOME$ and $a=1$ to x.",
        r"The pattern \text{a} with $x^2$ ends Foo.",
        r"We present \emph{Opal}, which writes to C:\temp\{x} and runs \texttt{a}.",
    ],
)
def test_any_other_text_stays(text: str) -> None:
    """A path, a variable or the payload of a flaw would be told as another one."""
    assert plain_latex(text) == text


@pytest.mark.parametrize(
    "piece", [r"\emph{", r"\cite{a", "$a^", "``a'b", r"\href{a}{", "~\\ref[", "$\\log "]
)
def test_hostile_text_costs_no_more_than_long_text(piece: str) -> None:
    started = time.perf_counter()
    plain_latex("5\\% " + piece * 20_000)
    plain_latex(piece * 20_000)
    assert time.perf_counter() - started < PATIENCE
