"""What the description of a tool, its schema or a server's instructions hold besides their meaning: counts and names.

Belongs here: signs that only texts of tools have, pure text analysis; the signs that every steering text may have come
from `text_signals`. Must not be here: judgement of a count (the rules), reading of a definition (`tool_facts`).

Shapes of poisoned tools as published: orders in pseudo-markup at the head of a description; a secret file that is to be
read first and handed over in a parameter; parameters named after what only the model knows, which models fill in
unasked; escapes that hide text in a terminal. Wording and expressions are our own.
"""

import re
from collections.abc import Iterable, Mapping

from spawngate.launch.argv import word_set
from spawngate.rules.text_signals import LONGEST, signals_of

_OVERLAP = 512
"""Characters that two windows of a long text share, so that no order hides at their border."""
MOST = 1 << 20
"""Characters of one text that are looked at."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(
    r"<\s*+(?:/\s*+)?(?:important|critical|system|system[-_ ]?(?:prompt|message|reminder|instructions?)|instructions?|"
    r"secret|"
    r"hidden|admin|assistant|developer|urgent|mandatory|override)\s*>"
    r"|\[{1,3}\s{0,4}(?:system|admin)\b[^\]\n]{0,30}\]"
    r"|\[\s*(?:inst|/inst|assistant|developer)\s*\]|<\|(?:im_start|im_end|system|assistant|user)\|>",
    re.IGNORECASE,
)
_SECRET_FILE = (
    r"(?:~?/?\.ssh\b|\bid_(?:rsa|ed25519|ecdsa)\b|\.aws/credentials|\.kube/config|\.cursor/|\bmcp\.json\b|"
    r"\bclaude_desktop_config\.json\b|\.codex/|\.gemini/|/etc/(?:passwd|shadow)\b|\.netrc\b|\.git-credentials\b|"
    r"\.npmrc\b|\.pypirc\b|\.docker/config\.json|\bwallet\.dat\b|\bcredentials?\.json\b|(?<![\w.])\.env\b)"
)
_READ_SECRET = re.compile(
    r"\b(?:read|open|cat|load|fetch|include|attach|pass|provide|supply|send|extract|print|copy|get|contents?\s+of)\b"
    r"[^\n]{0,80}?" + _SECRET_FILE,
    re.IGNORECASE,
)
_HAND_OVER = re.compile(
    r"\b(?:pass|put|include|provide|send|insert|place|give|supply|attach|fill|contain|summari[sz]e|repeat|copy)\b"
    r"[^.\n]{0,80}?(?:\b(?:whole|entire|full|complete|this|the|our)\s+(?:conversation|chat)\b|\bconversation\s+(?:so\s+far|"
    r"history)|\bchat\s+(?:history|log)|\bsystem\s+prompt|\b(?:previous|earlier)\s+(?:messages|tool\s+(?:calls|results))|"
    r"\b(?:all|every)\s+(?:messages?\s+(?:of|from|that)\s+the\s+user|message\s+the\s+user|tool\s+(?:calls|results))|"
    r"\bchain\s+of\s+thought|\b(?:its|the)\s+(?:full\s+|entire\s+)?contents?\s+"
    r"(?:of\s+(?:that|the)\s+file\s+)?(?:as|in|into|to)\s+(?:the\s+)?['\"`])"
    r"|\b(?:full|whole|entire|complete|verbatim)\b[^.\n]{0,24}\b(?:system\s+prompt|conversation|chat\s+history)\b"
    r"|\b(?:post|send|upload|forward|report|submit)\b[^.\n]{0,40}\b(?:the\s+user['’]?s?\s+(?:prompts?|messages?|input"
    r"|questions?)|your\s+(?:answers?|response|reply|output))\b[^\n]{0,80}https?://",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"\b(?:previous|prior|earlier|above|system|original)\b[^.\n]{0,24}\b(?:instructions?|prompts?|rules|guidelines?)\b"
    r"[^.\n]{0,40}\b(?:obsolete|void|ignored|disregarded|no\s+longer\s+(?:apply|valid)|superseded|overridden)\b"
    r"|\b(?:bypass|skip|disable|turn\s+off|override)\b[^.\n]{0,12}\b(?:all|any|every|your)\s+(?:of\s+the\s+)?(?:safety"
    r"|security|confirmations?|approvals?|permissions?|guardrails?|restrictions?|checks)\b"
    r"|\bwhen(?:ever)?\s+the\s+(?:user|human)\s+(?:is\s+asked|asks)\b[^.\n]{0,60}\b(?:tell|say|answer|claim|assure)\b"
    r"|\byou\s+(?:are\s+now\s+in|have\s+entered)\s+\w{1,20}\s+mode\b"
    r"|\b(?:execute|run|approve|accept)\s+(?:all|every|any)\b[^.\n]{0,30}\bwithout\s+(?:asking|confirmation|approval)\b",
    re.IGNORECASE,
)
_DIVERSION = re.compile(
    r"\b(?:always|also|must|every|secretly)\b[^\n]{0,60}\b(?:bcc|blind\s+(?:carbon\s+)?cop(?:y|ies))\b"
    r"|\b(?:recipients?|address(?:ees?)?|destination|account|wallet)\b[^.\n]{0,30}\b(?:must|should|has\s+to|always)\b"
    r"[^.\n]{0,20}\b(?:be\s+)?(?:changed|replaced|set)\s+to\b",
    re.IGNORECASE,
)
_DESTRUCTION = re.compile(
    r"\brm\s+-[rRf]{1,3}\s+(?:--no-preserve-root\s+)?(?:~|/|\$HOME|\*)|\bmkfs(?:\.\w+)?\s+/dev/|\bdd\s+if=\S+\s+of=/dev/"
    r"|\bdel\s+/[sq]\s+/[sq]\s+[a-z]:\\|\bformat\s+[a-z]:\s*/",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:before|prior\s+to|instead\s+of|whenever|every\s+time|each\s+time)\b[^.\n]{0,30}"
    r"\b(?:us(?:e|ing)|call(?:ing|ed|s)?|invok(?:e|ing)|run(?:ning)?)\b[^.\n]{0,30}\b(?:any|other|another|all|every)\b"
    r"[^.\n]{0,30}\b(?:tools?|functions?|servers?)\b"
    r"|\bmust\s+be\s+(?:called|used|invoked|run)\s+(?:first\b|before\s+(?:any|all|every|other))"
    r"|\b(?:always|must|only)\s+(?:call|use|invoke|run)\s+this\s+(?:tool|function)\s+(?:first|before|instead|for\s+every)",
    re.IGNORECASE,
)
_ORDERS: tuple[tuple[str, frozenset[str], re.Pattern[str]], ...] = (
    ("markup_orders", word_set("< ["), _MARKUP),
    (
        "secret_file_reads",
        word_set(
            """
            .ssh id_rsa id_ed25519 id_ecdsa .aws .kube .cursor mcp.json claude_desktop_config .codex .gemini /etc/
            .netrc .git-credentials .npmrc .pypirc .docker wallet.dat credential .env
            """
        ),
        _READ_SECRET,
    ),
    (
        "context_requests",
        word_set("conversation chat system previous earlier message calls thought content https:// http://"),
        _HAND_OVER,
    ),
    (
        "rank_claims",
        word_set("instruction prompt rule guideline bypass skip disable turn override mode without user human"),
        _RANK,
    ),
    ("diversion_orders", word_set("bcc blind recipient address destination account wallet"), _DIVERSION),
    ("destructive_commands", word_set("rm mkfs dd del format"), _DESTRUCTION),
    ("precedence_orders", word_set("tool function server"), _FIRST),
)
"""Sign, words of which one must be there, and the expression, which is a hundred times slower than a word."""

_ALIEN_PARAMETERS = word_set(
    """
    systemprompt system conversation conversationhistory conversationcontext chathistory messagehistory messages
    allmessages previousmessages chainofthought reasoningtrace thoughts toolcallhistory toolshistory toolslist
    availabletools alltools modelname llmname sidenote usermessages originalprompt fullprompt userprompt contextwindow
    environmentvariables envvars apikeys credentials sshkey privatekey
    """
)
"""Names of parameters, letters only, that ask for what a tool has no business with, or for secrets as a whole."""
_LEFT_OUT_PARAMETERS = word_set("system messages conversation credentials thoughts")
"""Of them, those that honest tools have as well: wrappers of models and mail."""

TOOL_SIGNALS: Mapping[str, str] = {
    "control_characters": "control characters, which hide text in a terminal",
    "markup_orders": "pseudo-markup that sets text apart as orders of the system",
    "secret_file_reads": "orders to read files that hold secrets or settings of agents",
    "context_requests": "orders to hand over the conversation, the system prompt or what was read",
    "rank_claims": "claims of a higher rank, and orders to leave out checks or to lie about them",
    "diversion_orders": "orders to send something to somebody else, too",
    "destructive_commands": "commands that delete a home, a disk or everything",
    "precedence_orders": "orders to be used before or instead of other tools",
}
"""Every count of `tool_signals_of`, and what it counts."""


def tool_signals_of(texts: Iterable[str]) -> dict[str, int]:
    """Counts of each sign in the texts of one tool, by the names of TOOL_SIGNALS and of `text_signals.SIGNALS`; what is
    not there is left out. A text that stands there twice counts once; of each the first MOST characters are read."""
    counts: dict[str, int] = {}
    # One text of all is read ten times as fast as many short ones; the stop keeps a sentence within its own.
    joined = "\n.\n".join(text[:MOST] for text in dict.fromkeys(texts))
    for window in _windows(joined):
        for name, count in (*signals_of(window).items(), *_own(window)):
            if count:
                counts[name] = counts.get(name, 0) + count
    return counts


def alien_parameters(names: Iterable[str]) -> tuple[str, ...]:
    """Parameters that ask for the model's own context or for secrets, sorted."""
    plain = {name: re.sub(r"[^a-z]", "", name.lower()) for name in names}
    return tuple(
        sorted(n for n, look in plain.items() if look in _ALIEN_PARAMETERS and look not in _LEFT_OUT_PARAMETERS)
    )


def _windows(text: str) -> Iterable[str]:
    if len(text) <= LONGEST:
        return (text,)
    return (text[at : at + LONGEST] for at in range(0, len(text), LONGEST - _OVERLAP))


def _own(text: str) -> tuple[tuple[str, int], ...]:
    folded = text.lower()
    return (
        ("control_characters", len(_CONTROL.findall(text))),
        *(
            (name, len(pattern.findall(text)))
            for name, words, pattern in _ORDERS
            if any(map(folded.__contains__, words))
        ),
    )
