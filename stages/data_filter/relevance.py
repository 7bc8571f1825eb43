"""Whether a text is about security: the question to a model, the keywords, and their union.

Everything that is fitted on data or edited by hand stands here.  Knows nothing of records.
Invariant: `rule_score` and `combined_relevance` lie between 0 and 1.
"""

from __future__ import annotations

from stages.base import Label, Prompt, Question
from stages.data_filter.relevance_examples import OTHER_EXAMPLES, SECURITY_EXAMPLES
from stages.text.keywords import KeywordTable, logistic, logit

# combined_relevance: a logistic regression on (rule score, log odds), for even odds beforehand,
# fitted by `python -m benchmarks.decisions --fit` on texts that nothing is reported on.
BIAS = -0.93
RULE_WEIGHT = 4.10
MODEL_WEIGHT = 1.64
PROBABILITY_MARGIN = 0.02  # a model is never believed beyond 49 to 1

# Chosen on the fitting half of `benchmarks.kind_material`: what is in doubt stays, flagged.
RELEVANT = 0.5  # combined relevance from which a record is sure to belong
DOUBTFUL = 0.15  # combined relevance from which it stays, if words speak for it as well
LEAST_WORDS = 0.15  # rule score from which words do
WITHOUT_WORDS = 0.75  # combined relevance from which it stays without them
RELEVANT_RULES_ALONE = 0.3  # rule score from which it is sure when no model is asked
DOUBTFUL_RULES_ALONE = 0.15
KNOWN_ID_WEIGHT = 1.0  # evidence of a CVE, CWE, ATT&CK or CAPEC id as the record's own

RELEVANCE = Question(
    name="relevance",
    prompt=Prompt(
        system="You sort texts by their topic.",
        user="Is the topic of this text computer security? Answer with one word,"
        " security or other.\n\nText: {text}\n\nTopic:",
        max_tokens=4,
    ),
    labels=(
        Label.of_kinds("security", "security", SECURITY_EXAMPLES),
        Label.of_kinds("other", "other", OTHER_EXAMPLES),
    ),
    thresholds=(("relevant", RELEVANT), ("in doubt", DOUBTFUL), ("without words", WITHOUT_WORDS)),
)

HIGH_RELEVANCE = (
    "adversar*, attacker*, malicious*, threat actor*, vulnerabilit*, malware, ransomware,"
    "spyware, adware, rootkit*, bootkit*, keylog*, trojan*, botnet*, backdoor*, shellcode,"
    "phish*, spearphish*, smishing, vishing, social engineering, zero day*, cve-*, cwe-*,"
    "capec-*, cvss, mitre, att&ck, owasp, infosec, cyber*, hacker*, hacked, exfiltrat*,"
    "lateral movement, command and control, privilege escalation, privilege separation,"
    "remote code execution, arbitrary code, arbitrary command*, code injection, sql injection,"
    "command injection, ldap injection, xml external entit*, cross site scripting, xss, csrf,"
    "cross site request forgery, ssrf, path traversal, directory traversal, buffer overflow*,"
    "heap overflow*, stack overflow vulnerability, integer overflow*, out of bounds,"
    "use after free, double free, memory corruption, format string vulnerabilit*,"
    "denial of service, ddos, man in the middle, adversary in the middle, brute force*,"
    "password spray*, credential stuffing, credential dump*, untrusted, unauthorized,"
    "unauthorised, unauthenticated, threat intelligence, threat hunt*, incident response,"
    "indicator* of compromise, intrusion*, penetration test*, pentest*, red team*, blue team*,"
    "siem, edr, honeypot*, data breach*, security control*, security polic*, insider threat*,"
    "supply chain attack*, side channel*, cryptanaly*, public key infrastructure, pci dss,"
    "iso 27001, zero trust, least privilege, hard coded credential*, hardcoded password*,"
    "sensitive information, sensitive data, protection mechanism*, defense evasion,"
    "infostealer*, stealer*, wiper*, remote access trojan*, remote access tool*, implants,"
    "command and control server*, c2 server*, capture the flag, ctf, apt*, infected,"
    "hard coded password*, exploit code, exploit chain*, bug bount*"
)
MEDIUM_RELEVANCE = (
    "security, secure, securely, secured, insecure*, exploit*, attack*, breach*, weakness*,"
    "compromis*, victim*, payload*, credential*, password*, passphrase*, authenticat*,"
    "authoriz*, authoris*, access control*, privilege*, permission*, encrypt*, decrypt*,"
    "cryptograph*, cipher*, certificate authorit*, firewall*, vpn, antivirus,"
    "anti virus, bypass*, evad*, evasion, obfuscat*, spoof*, tamper*, hijack*, impersonat*,"
    "masquerad*, steal*, stolen, theft, fraud*, scam*, espionage, sabotage, persistence,"
    "reconnaissance, forensic*, sandbox*, patch management, hardening, neutraliz*, sanitiz*,"
    "race condition*, null pointer, dereference*, deserialization of, cleartext, c2, powershell,"
    "registry key*, dll*, process injection, domain controller*, active directory, lsass,"
    "mfa, multi factor authentication, two factor authentication, gdpr, hipaa,"
    "regulatory compliance, nist, audit*, confidentiality, integrity, disclosure, restricted,"
    "abus*, misus*, rogue,"
    "leak*, trust boundar*, security relevant, the product does not, improper*, incorrectly,"
    "rotate the key*, takedown, quarantin*, blocklist*, botmaster*, exposed*,"
    "the product, dropper*, downloader*, loader*, implant*, infect*, beacon*, keystroke*,"
    "campaign*, targeted, targeting, threat group*, state sponsored, suspicious, anomal*,"
    "event id*, eventcode, sysmon, lsass*, scheduled task*, logon*, shadow cop*, in memory,"
    "flaw*, crafted, fuzz*, firmware, second factor, macros, multi stage, decoy*, lure*,"
    "code execution, execution of code, in the wild, command line*, unexpected, abnormal*"
)
HIGH_WEIGHT = 1.0
MEDIUM_WEIGHT = 0.4
SCORE_SCALE = 1.8


def _table() -> KeywordTable:
    weights = {word.strip(): MEDIUM_WEIGHT for word in MEDIUM_RELEVANCE.split(",")}
    weights |= {word.strip(): HIGH_WEIGHT for word in HIGH_RELEVANCE.split(",")}
    return KeywordTable(weights, SCORE_SCALE)


_KEYWORDS = _table()


def rule_score(text: str, has_known_id: bool = False) -> float:
    """How much the words of a text, and a well-known id, speak for security: 0 to 1."""
    return _KEYWORDS.score(text, KNOWN_ID_WEIGHT if has_known_id else 0.0)


def demanded(rule_score: float, trusted: bool, with_model: bool) -> float:
    """The relevance that a record has to reach to stay: more where no word speaks for it."""
    if not with_model:
        return DOUBTFUL_RULES_ALONE / 2 if trusted else DOUBTFUL_RULES_ALONE
    return DOUBTFUL if trusted or rule_score >= LEAST_WORDS else WITHOUT_WORDS


def combined_relevance(rule_score: float, probability: float) -> float:
    """The chance that a text is about security, from its rule score and a model's probability."""
    odds = logit(probability, PROBABILITY_MARGIN)
    return logistic(BIAS + RULE_WEIGHT * rule_score + MODEL_WEIGHT * odds)
