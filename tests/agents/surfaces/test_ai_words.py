"""What counts as a word about AI, and what must not."""

import pytest

from spawngate.agents.surfaces.ai_words import MAX_TEXT, ai_reason, ai_word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Claude in Chrome", "claude"),
        ("claude-code-jetbrains-plugin", "claude"),
        ("com.anthropic.claude_code_browser_extension", "claude"),
        ("ChatGPT Sidebar", "chatgpt"),
        ("Chat GPT for Google", "chatgpt"),
        ("WriterGPT", "gpt"),
        ("Works with GPT-4o", "gpt"),
        ("GitHub Copilot", "copilot"),
        ("Gemini Code Assist", "gemini"),
        ("Browser MCP", "mcp"),
        ("mcp-chrome", "mcp"),
        ("Model Context Protocol inspector", "model context protocol"),
        ("A local LLM in the sidebar", "llm"),
        ("Ask a large language model", "language model"),
        ("AI assistant", "ai"),
        ("AI-powered search", "ai"),
        ("JetBrains AI Assistant", "ai"),
        ("RefactAI", "ai"),
        ("AISearch", "ai"),
        ("AI助手", "ai"),
        ("cody-ai", "ai"),
        ("com.intellij.ml.ai", "ai"),
        ("Llama 3 chat", "llama"),
        ("KI-Assistent", "ai"),
        ("Assistente con intelligenza artificiale", "artificial intelligence"),
    ],
)
def test_speaks_of_ai(text: str, word: str) -> None:
    assert ai_word(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Mail Checker",
        "Chair finder",
        "Aioli recipes",
        "RAID monitor",
        "MAILER",
        "Aggiunge ai siti un tema scuro",
        "Claude Monet new tab",
        "Minecraft MCP mappings",
        "GPT partition viewer",
        "Gemini exchange wallet",
        "Grok log pattern debugger",
        "Incline plane",
        "Decliner",
        "Llama pictures",
        "Dark Reader",
        "email-validator",
    ],
)
def test_does_not(text: str) -> None:
    assert ai_word(text) is None


def test_first_text_that_speaks_wins_and_missing_texts_are_skipped() -> None:
    assert ai_word(None, "Dark Reader", "made with ollama", "Claude") == "ollama"


def test_only_the_beginning_of_a_text_is_looked_at() -> None:
    assert ai_word("x " * (MAX_TEXT // 2) + "Claude") is None
    assert ai_word("x " * (MAX_TEXT // 2 - 4) + "Claude") == "claude"


def test_long_texts_without_a_word_take_linear_time() -> None:
    assert ai_word("a" * 1_000_000, "gp" * 500_000, "-" * 1_000_000) is None


def test_known_id_beats_words() -> None:
    known = {"abc": "Sider"}
    assert ai_reason("ABC", known, "ChatGPT everywhere") == "known id: Sider"
    assert ai_reason("def", known, "ChatGPT everywhere") == "word: chatgpt"
    assert ai_reason("def", known, "Dark Reader", None) is None
