r"""Names of Windows as prose has them: paths of files, and keys of the registry.

Patterns only, for `literals`.  Knows blanks within a name, which capitals or an extension tell from
the sentence around it.  Invariant: every repeat is bounded.
"""

from __future__ import annotations

# Scripts without blanks between words: a literal may stand right beside their characters.
NO_BLANKS = "\u0e00-\u0e7f\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
WORDY = rf"[^\W{NO_BLANKS}]"
_ENDS = rf"(?!{WORDY})"
EXTENSION = (
    r"(?:exe|dll|sys|ocx|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|jar|class|hta|lnk|iso|img|vhd|zip|rar"
    r"|7z|gz|tgz|tar|cab|doc|docx|docm|xls|xlsx|xlsm|xlsb|ppt|pptx|rtf|pdf|txt|log|cfg|conf|ini"
    r"|inf|xml|json|ya?ml|toml|html?|php|aspx?|jsp|cgi|py|pyc|rb|pl|go|rs|c|h|cpp|cs|java|kt|sh"
    r"|so|dylib|ko|elf|bin|dat|db|sqlite|plist|app|apk|ipa|deb|rpm|pcap|evtx|reg|bak|tmp|swf|svg"
    r"|png|jpe?g|gif|bmp|ico|tiff?|webp|mp[34]|woff2?|ttf|key|pem|crt|cer|pfx|p12|csv|md|lua)"
)
_HIVE = r"(?:HKEY_[A-Z_]{4,24}|HKLM|HKCU|HKU|HKCR|HKCC)"
# A part of a Windows path may hold blanks before words with capitals or a last word of any case,
# if a backslash or the extension of a file follows.
_PART = r"[\w.$%~@&+(){}\[\]*?-]{1,120}"
_MORE = r"[A-Z0-9(][\w.$%~@&+(){}\[\]-]{0,60}"
_WORDS = rf"(?!\w+\.{EXTENSION}\b){_PART}(?: (?:and |of )?(?!{_HIVE}\\){_MORE}){{0,4}}"
_BLANKS = rf"{_WORDS}(?: [a-z][\w-]{{0,60}}(?=\\))?"
_LAST = rf"(?!\S{{0,120}}\.{EXTENSION}\b){_WORDS} \w[\w.+-]{{0,60}}\.{EXTENSION}{_ENDS}"
_DRIVE = r"(?:[A-Za-z]:(?=\\)|%\w{1,40}%|\$env:\w{1,40}|\\\\[\w.$?-]{1,80}(?=\\))"
# The last name of a key has no extension: words with capitals go on with it where a quote, a full
# stop or the line's end is behind them; else they may begin what is said of it, or name its value.
_BEGINS_ANEW = (
    r"(?:The|An?|This|That|It|Its|In|On|At|As|If|When|Then|To|For|With|By|After|Before|And|Or"
    r"|Value|Type|Data|Name|Key|Set|See|Windows)\b"
)
_KEY_GOES_ON = (
    rf"(?:(?<!\\Run)(?<!\\RunOnce) (?!{_BEGINS_ANEW})[A-Z][\w+-]{{0,60}}(?![\w:\\(]|\.\w)){{1,4}}"
    r"(?=[\"'`\u2019\u201d]|\.?[ \t]{0,8}(?:\n|\Z)|\.\s)"
)
WINDOWS_PATH = rf"{_DRIVE}(?:\\{_BLANKS}(?=\\)){{0,24}}(?:\\{_LAST}|(?:\\{_PART}){{0,24}}\\?)"
REGISTRY_KEY = (
    rf"{_HIVE}:?(?:\\{_BLANKS}(?=\\)){{0,24}}(?:\\{_PART}){{1,24}}(?:\\|(?:{_KEY_GOES_ON})?)"
)
