"""The fourteen security domains: their names, keywords and question, and how scores combine.

Everything that is fitted on data or edited by hand stands here.  Knows nothing of records.
Invariant: a domain's rule score and confidence lie between 0 and 1.
"""

from __future__ import annotations

from stages.base import Label, Prompt, Question
from stages.domain_classifier.domain_examples import EXAMPLES
from stages.text import kinds
from stages.text.keywords import KeywordTable, logistic, logit

# domain_confidence: a logistic regression on (rule score, log odds), over all domains together,
# fitted by `python -m benchmarks.decisions --fit` on texts that nothing is reported on.
BIAS = -1.12
RULE_WEIGHT = 4.12
MODEL_WEIGHT = 0.90
PROBABILITY_MARGIN = 0.02
SHOWN_ABOVE = 0.25  # domains of lower confidence are not named: a model at even odds names none
FIRST_ABOVE = 0.15  # the surest domain alone is named from here on, where no other is shown

SCORE_SCALE = 1.5
STRONG = 1.0
WEAK = 0.5

# What a model would write for each domain, where that is not its name.
WORDS: dict[str, str] = {
    "zero_day": "zero-day",
    "iot_security": "devices",
    "web_security": "web",
    "network_security": "network",
    "vulnerability_management": "vulnerability",
    "cloud_security": "cloud",
    "identity_access_management": "identity",
    "incident_response": "incident",
    "threat_intelligence": "intelligence",
    "compliance_and_frameworks": "compliance",
    "social_engineering": "deception",
}

# Domain -> (strong keywords, weak keywords); `*` stands for any word characters.
KEYWORDS: dict[str, tuple[str, str]] = {
    "malware": (
        "malware, ransomware, trojan*, spyware, adware, rootkit*, bootkit*, keylog*, botnet*,"
        "infostealer*, worm, worms, dropper*, wiper*, shellcode, antivirus, anti virus,"
        "malicious code, malicious file*, malicious software, computer virus*, cryptominer*",
        "payload*, loader*, obfuscat*, infect*, packer*, packed, backdoor*, process injection,"
        "malicious, sandbox*, command and control, persistence, dll*, implant*",
    ),
    "phishing": (
        "phish*, spearphish*, spear phishing, smishing, vishing, quishing, dmarc, dkim,"
        "fake login*, credential harvest*, business email compromise, lookalike domain*",
        "attachment*, email*, e mail*, mail, mails, inbox*, spam, sender*, spoofed, lure*",
    ),
    "zero_day": (
        "zero day*, 0 day*, 0day*, in the wild, previously unknown, undisclosed,"
        "no patch, no fix is available, actively exploited, active exploitation, unpatched",
        "emergency update*, exploit chain*, exploit broker*",
    ),
    "iot_security": (
        "iot, internet of things, firmware, embedded, smart device*, smart home, smart lock*,"
        "camera*, router*, plc, scada, ics, industrial control*, medical device*, bluetooth,"
        "zigbee, mqtt, jtag, uart, baseband, wearable*, default password*, operational technology",
        "sensor*, device*, telnet, hardware, bios, uefi, chip*, vehicle*, controller*",
    ),
    "web_security": (
        "cross site scripting, xss, sql injection, csrf, cross site request forgery, ssrf,"
        "server side request forgery, path traversal, directory traversal, web application*,"
        "web server*, web shell*, open redirect*, xxe, clickjack*, web page*, owasp, graphql,"
        "file upload*, cookie*, waf, same origin, cors, http request*, website*, web site*",
        "browser*, http, https, url*, html, javascript, php, web, session*, api*, query,"
        "injection, server side",
    ),
    "network_security": (
        "firewall*, intrusion detection, intrusion prevention, port scan*, packet*, arp, dns,"
        "man in the middle, adversary in the middle, network traffic, network segment*, vpn,"
        "denial of service, ddos, network sniff*, netflow, bgp, tcp, udp, network device*,"
        "proxy, proxies, wireless, wi fi, network boundar*, tunnel*, lateral movement, smb, rdp",
        "network*, traffic, protocol*, port, ports, remote service*, ssh, ip address*, gateway*",
    ),
    "vulnerability_management": (
        "vulnerabilit*, cve-*, cwe-*, cvss, patch, patches, patched, patching, base score,"
        "affected version*, buffer overflow*, out of bounds, use after free, memory corruption,"
        "integer overflow*, security update*, fixed release*, proof of concept, sbom,"
        "software component*, the product does not, the product uses, null pointer",
        "weakness*, severity, remediat*, exploit*, flaw*, version*, scan*, fix, fixed, crafted,"
        "advisor*, improper*, arbitrary code, arbitrary command*, buffer*, incorrect*",
    ),
    "cloud_security": (
        "cloud*, aws, azure, gcp, google workspace, office 365, saas, iaas, paas, kubernetes,"
        "docker, container*, s3, bucket*, serverless, lambda, instance metadata,"
        "virtual machine instance*, cloudtrail, tenant*, hypervisor*, terraform",
        "instance*, virtual machine*, cluster*, snapshot*, region*, infrastructure as code",
    ),
    "cryptography": (
        "cryptograph*, cryptanaly*, encrypt*, decrypt*, cipher*, aes, rsa, ecc, tls, ssl, nonce*,"
        "initialization vector*, private key*, public key*, key exchange, hash function*, sha 1,"
        "sha 256, md5, digital signature*, post quantum, entropy, prng, random number*, salt,"
        "certificate*, side channel*, timing attack*, one way hash, encoding of data",
        "hash*, signature*, key, keys, plaintext, cleartext, random*, integrity, algorithm*",
    ),
    "identity_access_management": (
        "authenticat*, authoriz*, authoris*, access control*, credential*, password*, mfa, sso,"
        "multi factor, two factor, single sign on, oauth*, saml, kerberos, active directory,"
        "ldap, privileged access, privilege escalation, valid account*, user account*, iam,"
        "least privilege, brute force*, password spray*, access token*, login*, logon*, rbac",
        "privilege*, permission*, account*, identit*, role*, token*, domain controller*, access",
    ),
    "incident_response": (
        "incident response, incident*, forensic*, containment, contained, playbook*, runbook*,"
        "post mortem, root cause, soc, triage*, siem, security operations, eradicat*, breach*,"
        "chain of custody, disk image*, memory image*, recovery plan*",
        "alert*, log, logs, logging, timeline*, restore*, backup*, isolat*, investigat*, evidence,"
        "respond*, detect*, recover*",
    ),
    "threat_intelligence": (
        "threat intelligence, threat actor*, apt*, ttp, ttps, indicator* of compromise,"
        "ioc, iocs, campaign*, attribut* to, state sponsored, nation state, mitre, att&ck,"
        "espionage, threat group*, threat hunt*, kill chain, stix, taxii, victimolog*",
        "adversar*, actor*, group*, targeted, targeting, attacker*, reconnaissance, tactic*,"
        "technique*, infrastructure, intelligence",
    ),
    "compliance_and_frameworks": (
        "compliance, compliant, gdpr, hipaa, pci dss, iso 27001, iso 27002, nist, sox, soc 2,"
        "fedramp, regulation*, regulator*, audit, audits, auditor*, framework*, governance,"
        "security polic*, risk register*, cis benchmark*, nis2, dora, data protection law*",
        "control*, standard*, policy, policies, requirement*, risk assessment*, evidence, legal",
    ),
    "social_engineering": (
        "social engineer*, pretext*, tailgat*, impersonat*, baiting, vishing, help desk,"
        "business email compromise, deepfake*, ceo fraud, scam*, persuade*, user execution,"
        "security awareness, trick* users, trick* the user, trick* victims, quid pro quo",
        "phish*, spearphish*, masquerad*, trick*, lure*, trust, urgen*, deceiv*, victim*, caller*,"
        "persona*, psycholog*, manipulat*",
    ),
}
NAMES = tuple(KEYWORDS)

# What the kind of a pair's source says about its domain, as weight of evidence.
KIND_EVIDENCE: dict[str, dict[str, float]] = {
    kinds.VULNERABILITY: {"vulnerability_management": STRONG},
    kinds.WEAKNESS: {"vulnerability_management": STRONG},
    kinds.ADVISORY: {"vulnerability_management": STRONG},
    kinds.TECHNIQUE: {"threat_intelligence": WEAK},
    kinds.PATTERN: {"threat_intelligence": WEAK},
    kinds.INCIDENT: {"incident_response": STRONG},
}

DOMAINS = Question(
    name="domains",
    prompt=Prompt(
        system="You sort security texts by their field.",
        user="Which field of security is this text about? Answer with one word of these: "
        + ", ".join(WORDS.get(name, name) for name in NAMES)
        + ".\n\nText: {text}\n\nField:",
        max_tokens=6,
    ),
    labels=tuple(Label(name, WORDS.get(name, name), EXAMPLES[name]) for name in NAMES),
    exclusive=False,
    thresholds=(("shown above", SHOWN_ABOVE), ("first above", FIRST_ABOVE)),
)


def _table(strong: str, weak: str) -> KeywordTable:
    weights = {word.strip(): WEAK for word in weak.split(",")}
    weights |= {word.strip(): STRONG for word in strong.split(",")}
    return KeywordTable(weights, SCORE_SCALE)


_TABLES = {name: _table(*keywords) for name, keywords in KEYWORDS.items()}


def rule_scores(text: str, kind: str = kinds.OTHER) -> dict[str, float]:
    """Each domain's score by its keywords and by the kind of the record."""
    evidence = KIND_EVIDENCE.get(kind, {})
    return {name: table.score(text, evidence.get(name, 0.0)) for name, table in _TABLES.items()}


def domain_confidence(rule_score: float, probability: float) -> float:
    """The confidence in a domain, from its rule score and a model's probability."""
    odds = logit(probability, PROBABILITY_MARGIN)
    return logistic(BIAS + RULE_WEIGHT * rule_score + MODEL_WEIGHT * odds)
