"""Whether a name or a description says that something is an AI tool.

Belongs here: the one list of words, and what voids a word (`MCP` beside `Minecraft` is not the protocol).
Words match whole: `mail` and `chair` are not AI. A lower-case `ai` counts only inside an identifier (`cody-ai`),
because it is an everyday word in Italian and French.
Must not be here: ids of known extensions (each surface has its own table), and what to do about an AI tool.
"""

import re
from collections.abc import Mapping

MAX_TEXT = 4096
"""Characters of one text that are looked at. Store pages allow less for a description."""

_WORDS: tuple[tuple[str, str, str], ...] = (
    # label, pattern, pattern that voids it when found anywhere in the same text
    ("claude", r"claude", r"monet|debussy|shannon|van damme"),
    ("anthropic", r"anthropic", ""),
    ("chatgpt", r"chat[ -]?gpt", ""),
    ("openai", r"open ?ai", ""),
    ("gpt", r"gpt(?:[ -]?\d\w*|s)?|\w{2,20}gpt", r"partition|publisher tag|adsense|\bdisks?\b"),
    ("copilot", r"co-?pilot", r"flight|aviation|aircraft"),
    ("codex", r"codex", r"wordpress|alimentarius|manuscript"),
    ("gemini", r"gemini", r"exchange|crypto|wallet|zodiac|horoscope|gemtext|gemini://"),
    ("grok", r"grok", r"logstash|log (?:pattern|pars)|pattern debugger"),
    ("deepseek", r"deep ?seek", ""),
    ("qwen", r"qwen\d*\w*", ""),
    ("mistral", r"mistral", r"\bwind\b|weather"),
    ("ollama", r"ollama", ""),
    ("llama", r"llama[ -]?\d[\w.]*|llama\.cpp|code ?llama|llamaindex", ""),
    ("lm studio", r"lm ?studio", ""),
    ("perplexity", r"perplexity", ""),
    ("hugging face", r"hugging ?face", ""),
    ("midjourney", r"midjourney", ""),
    ("stable diffusion", r"stable ?diffusion", ""),
    ("langchain", r"lang(?:chain|graph)", ""),
    ("codeium", r"codeium", ""),
    ("tabnine", r"tabnine", ""),
    ("cline", r"cline", ""),
    ("roo code", r"roo[ -]?(?:code|cline)", ""),
    ("kilo code", r"kilo[ -]?code", ""),
    ("junie", r"junie", ""),
    ("amazon q", r"amazon[ -]q", ""),
    ("llm", r"llms?", r"master of laws|law degree"),
    ("language model", r"language models?", ""),
    ("mcp", r"mcp", r"minecraft|mod coder|microchip|mcp23\d+|mcp ?25\d+|certified professional|monocalcium"),
    ("model context protocol", r"model context protocol", ""),
    ("chatbot", r"chat ?bots?", ""),
    ("vibe coding", r"vibe[ -]cod(?:e|er|ing)", ""),
    (
        "artificial intelligence",
        r"artificial intelligence|intelligence artificielle|inteligencia artificial|inteligência artificial"
        r"|künstliche[nr]? intelligenz|intelligenza artificiale|искусственн\w{2,3} интеллект\w*",
        "",
    ),
)
_COMPILED = tuple(
    (label, re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", re.I), re.compile(void, re.I) if void else None)
    for label, pattern, void in _WORDS
)
_UPPER = re.compile(r"(?<![A-Za-z0-9])(?:AI|A\.I\.|GenAI|KI-[A-Za-zÄÖÜäöü])(?![A-Z0-9])")
_CAMEL = re.compile(
    r"(?:(?<=[a-z0-9])AI|(?<![A-Za-z0-9])Ai(?=[A-Z][a-z]))(?![A-Z0-9a-z])|(?<![A-Za-z0-9])AI(?=[A-Z][a-z])"
)
_IDENTIFIER = re.compile(r"(?:^|[-_./:])ai(?:$|[-_./:])")
_CJK = re.compile("人工智能|人工知能|大模型|大语言模型|인공지능")


def ai_word(*texts: str | None) -> str | None:
    """The first word, as listed here in lower case, by which one of the texts speaks of AI; None where none does."""
    for raw in texts:
        text = (raw or "")[:MAX_TEXT]
        if not text.strip():
            continue
        for label, pattern, void in _COMPILED:
            if pattern.search(text) and not (void and void.search(text)):
                return label
        if _UPPER.search(text) or _CAMEL.search(text) or _CJK.search(text):
            return "ai"
        if not re.search(r"\s", text.strip()) and _IDENTIFIER.search(text.strip()):
            return "ai"
    return None


def ai_reason(identifier: str, known: Mapping[str, str], *texts: str | None) -> str | None:
    """Why something is an AI tool: `known id: <name>` or `word: <word>`; None where nothing says so.

    `known` maps lower-case ids to the names of the tools.
    """
    name = known.get(identifier.lower())
    if name is not None:
        return f"known id: {name}"
    word = ai_word(*texts)
    return f"word: {word}" if word is not None else None
