"""Command-line tools that are an AI agent, run a model, or start and serve MCP servers.

Belongs here: the written table of tools, and what one file's name, place and package say about which tool it is.
Must not be here: looking at a disk (`endpoint.clis`), and where agents keep their files (`agents.<name>`).
Sources: binaries of agents from each vendor's documentation; package names as the npm and PyPI registries list them
(`bin` and `console_scripts` of the packages); Homebrew formulae and casks by the vendors' install pages.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

Evidence = Literal["name", "package"]


@dataclass(frozen=True, slots=True)
class Cli:
    """One command-line tool."""

    id: str
    name: str
    vendor: str
    binaries: tuple[str, ...]
    """Names on PATH, without a Windows suffix. Lower case."""
    packages: tuple[str, ...] = ()
    """Packages that hold it, as `npm:NAME`, `pypi:NAME`, `cargo:NAME` or `homebrew:NAME` (formula or cask)."""
    agent: str = ""
    """Id of the agent that it is; empty for tools that are none of `agents.AGENTS`."""
    evidence: Evidence = "name"
    """What it takes to believe a file of that name: nothing more, or that its package or its place is known too,
    because other programs commonly have the name. That the tool's agent is in use there is evidence as well."""
    common: tuple[str, ...] = ()
    """More names of the tool, which always need that evidence."""
    folders: tuple[str, ...] = ()
    """Folders on the way to the resolved file that are evidence, for tools that come in no package: a name, or
    several in a row (`.local/bin`)."""

    def needs(self, binary: str) -> Evidence:
        """The evidence that a file of this name needs."""
        return "package" if binary in self.common else self.evidence


CLIS: tuple[Cli, ...] = (
    # -- agents ---------------------------------------------------------------------------------------------------
    Cli(
        "claude-code",
        "Claude Code",
        "Anthropic",
        ("claude",),
        ("npm:@anthropic-ai/claude-code", "homebrew:claude-code"),
        agent="claude-code",
    ),
    Cli(
        "cursor",
        "Cursor",
        "Anysphere",
        ("cursor", "cursor-agent"),
        ("homebrew:cursor", "homebrew:cursor-cli"),
        agent="cursor",
        common=("agent",),
        folders=("cursor-agent",),
    ),
    Cli("vscode", "Visual Studio Code", "Microsoft", ("code", "code-insiders"), agent="vscode"),
    Cli("visual-studio", "Visual Studio", "Microsoft", ("devenv",), agent="visual-studio"),
    Cli(
        "copilot-cli",
        "GitHub Copilot CLI",
        "GitHub",
        ("copilot",),
        ("npm:@github/copilot", "homebrew:copilot-cli"),
        agent="copilot-cli",
        evidence="package",
        folders=(".copilot", "copilot-cli", ".local/bin"),
    ),
    Cli("windsurf", "Windsurf", "Cognition", ("windsurf",), ("homebrew:windsurf",), agent="windsurf"),
    Cli("devin-cli", "Devin CLI", "Cognition", ("devin",), agent="devin-cli"),
    Cli(
        "codex-cli",
        "Codex CLI",
        "OpenAI",
        ("codex",),
        ("npm:@openai/codex", "homebrew:codex"),
        agent="codex-cli",
    ),
    Cli(
        "gemini-cli",
        "Gemini CLI",
        "Google",
        ("gemini",),
        ("npm:@google/gemini-cli", "homebrew:gemini-cli"),
        agent="gemini-cli",
    ),
    Cli(
        "antigravity",
        "Google Antigravity",
        "Google",
        ("agy", "antigravity"),
        ("homebrew:antigravity",),
        agent="antigravity",
    ),
    Cli("cline", "Cline CLI", "Cline", ("cline",), ("npm:cline",), agent="cline"),
    Cli(
        "kilo-code",
        "Kilo Code CLI",
        "Kilo",
        ("kilocode",),
        ("npm:@kilocode/cli",),
        agent="kilo-code",
        common=("kilo",),
    ),
    Cli(
        "continue",
        "Continue CLI",
        "Continue",
        ("cn",),
        ("npm:@continuedev/cli",),
        agent="continue",
        evidence="package",
    ),
    Cli(
        "zed",
        "Zed",
        "Zed Industries",
        ("zeditor",),
        ("homebrew:zed",),
        "zed",
        common=("zed",),
        folders=("zed.app", "Zed.app"),
    ),
    Cli(
        "junie",
        "Junie CLI",
        "JetBrains",
        ("junie",),
        ("npm:@jetbrains/junie-cli", "npm:@jetbrains/junie"),
        agent="junie",
    ),
    Cli(
        "amp",
        "Amp",
        "Amp (Sourcegraph)",
        ("amp",),
        ("npm:@sourcegraph/amp", "npm:@ampcode/cli", "homebrew:ampcode"),
        agent="amp",
        evidence="package",
        folders=(".amp",),
    ),
    Cli(
        "opencode",
        "OpenCode",
        "Anomaly",
        ("opencode", "opencode2"),
        ("npm:opencode-ai", "homebrew:opencode"),
        agent="opencode",
    ),
    Cli(
        "goose",
        "Goose",
        "Block / Agentic AI Foundation",
        ("goosed",),
        ("homebrew:block-goose-cli", "cargo:goose-cli"),
        "goose",
        common=("goose",),
        folders=("Goose.app", "goose", ".local/bin"),
    ),
    Cli("crush", "Crush", "Charm", ("crush",), ("npm:@charmland/crush", "homebrew:crush"), agent="crush"),
    Cli(
        "qwen-code",
        "Qwen Code",
        "Alibaba (Qwen)",
        ("qwen",),
        ("npm:@qwen-code/qwen-code", "homebrew:qwen-code"),
        agent="qwen-code",
    ),
    Cli(
        "kiro",
        "Kiro",
        "AWS",
        ("kiro", "kiro-cli", "kiro-cli-chat"),
        ("homebrew:kiro", "homebrew:kiro-cli"),
        agent="kiro",
    ),
    Cli(
        "amazon-q-cli",
        "Amazon Q Developer CLI",
        "AWS",
        ("qchat",),
        ("homebrew:amazon-q", "cargo:q_cli"),
        agent="amazon-q-cli",
        common=("q",),
        folders=("Amazon Q.app",),
    ),
    Cli(
        "factory-droid",
        "Factory Droid",
        "Factory",
        ("droid",),
        ("npm:droid", "npm:@factory/cli"),
        agent="factory-droid",
    ),
    Cli("augment", "Auggie CLI", "Augment", ("auggie",), ("npm:@augmentcode/auggie",), agent="augment"),
    Cli("trae", "Trae", "ByteDance", ("trae",), ("homebrew:trae",), agent="trae"),
    Cli("qoder", "Qoder", "Alibaba", ("qoder", "qodercli"), ("npm:@qoder-ai/qodercli",), agent="qoder"),
    Cli(
        "grok-build",
        "Grok Build CLI",
        "xAI",
        ("grok",),
        agent="grok-build",
        evidence="package",
        folders=(".grok",),
    ),
    Cli("kimi-code", "Kimi Code", "Moonshot AI", ("kimi",), ("pypi:kimi-cli", "pypi:kimi-code"), agent="kimi-code"),
    Cli(
        "mistral-vibe",
        "Mistral Vibe",
        "Mistral AI",
        ("vibe-acp",),
        ("pypi:mistral-vibe", "homebrew:mistral-vibe"),
        "mistral-vibe",
        common=("vibe",),
    ),
    Cli(
        "openclaw",
        "OpenClaw",
        "OpenClaw project",
        ("openclaw", "clawdbot"),
        ("npm:openclaw", "npm:clawdbot"),
        agent="openclaw",
    ),
    Cli(
        "hermes",
        "Hermes Agent",
        "Nous Research",
        ("hermes",),
        ("pypi:hermes-agent",),
        agent="hermes",
        evidence="package",
        folders=(".hermes", "hermes-agent"),
    ),
    Cli(
        "openhands",
        "OpenHands CLI",
        "All Hands AI",
        ("openhands",),
        ("pypi:openhands", "pypi:openhands-ai"),
        agent="openhands",
    ),
    Cli(
        "warp",
        "Warp",
        "Warp",
        ("warp-terminal",),
        ("homebrew:warp",),
        agent="warp",
        common=("warp", "oz"),
        folders=("Warp.app", "warp-terminal", "warpdotdev"),
    ),
    Cli(
        "lm-studio",
        "LM Studio",
        "Element Labs",
        ("lms",),
        ("npm:@lmstudio/cli", "homebrew:lm-studio"),
        "lm-studio",
        "package",
        folders=(".lmstudio", "lm-studio", "LM Studio.app"),
    ),
    Cli("jan", "Jan", "Menlo Research", ("jan",), ("homebrew:jan",), "jan", "package", folders=("Jan.app", "Jan")),
    Cli(
        "pi",
        "Pi coding agent",
        "Earendil Works",
        ("pi",),
        ("npm:@mariozechner/pi-coding-agent", "npm:@earendil-works/pi-coding-agent"),
        "pi",
        "package",
        folders=(".pi",),
    ),
    Cli(
        "oh-my-pi",
        "Oh My Pi",
        "community",
        ("omp",),
        ("npm:@oh-my-pi/pi-coding-agent",),
        "pi",
        "package",
        folders=(".omp",),
    ),
    Cli("rovo-dev", "Rovo Dev CLI", "Atlassian", ("rovodev",), ("homebrew:acli",), "rovo-dev", common=("acli",)),
    Cli(
        "deepagents-cli",
        "Deep Agents CLI",
        "LangChain",
        ("deepagents",),
        ("pypi:deepagents-cli", "pypi:deepagents-code"),
        agent="deepagents-cli",
    ),
    Cli("reasonix", "Reasonix", "community", ("reasonix",), ("npm:reasonix",), agent="reasonix"),
    Cli(
        "codebuddy", "CodeBuddy Code", "Tencent", ("codebuddy",), ("npm:@tencent-ai/codebuddy-code",), agent="codebuddy"
    ),
    # -- other coding agents and assistants -------------------------------------------------------------------------
    Cli("aider", "Aider", "Aider", ("aider",), ("pypi:aider-chat", "homebrew:aider")),
    Cli("cecli", "cecli (Aider CE)", "community", ("cecli", "aider-ce"), ("pypi:cecli-dev", "pypi:aider-ce")),
    Cli("gptme", "gptme", "gptme", ("gptme",), ("pypi:gptme",)),
    Cli(
        "open-interpreter",
        "Open Interpreter",
        "Open Interpreter",
        ("interpreter",),
        ("pypi:open-interpreter",),
        evidence="package",
    ),
    Cli("plandex", "Plandex", "Plandex", ("plandex", "pdx"), ("homebrew:plandex",)),
    Cli(
        "forge",
        "ForgeCode",
        "Antinomy",
        ("forgecode",),
        ("npm:forgecode", "npm:@antinomyhq/forge", "cargo:forge_main"),
        common=("forge",),
    ),
    Cli(
        "nanocoder", "Nanocoder", "Nano Collective", ("nanocoder",), ("npm:@nanocollective/nanocoder", "pypi:nanocoder")
    ),
    Cli("octofriend", "Octofriend", "Synthetic Lab", ("octofriend",), ("npm:octofriend",), common=("octo",)),
    Cli("codebuff", "Codebuff", "Codebuff", ("codebuff", "cb-agent"), ("npm:codebuff",)),
    Cli(
        "cody",
        "Cody CLI",
        "Sourcegraph",
        ("cody", "cody-agent"),
        ("npm:@sourcegraph/cody", "npm:@sourcegraph/cody-agent"),
        evidence="package",
    ),
    Cli(
        "grok-cli",
        "Grok CLI (community)",
        "community",
        ("grok",),
        ("npm:@vibe-kit/grok-cli", "pypi:grok-cli"),
        evidence="package",
    ),
    Cli("jules", "Jules Tools", "Google", ("jules",), ("npm:@google/jules",), evidence="package"),
    Cli("iflow", "iFlow CLI", "iFlow", ("iflow",), ("npm:@iflow-ai/iflow-cli",)),
    Cli("letta-code", "Letta Code", "Letta", ("letta",), ("npm:@letta-ai/letta-code", "pypi:letta")),
    Cli(
        "mini-swe-agent",
        "mini-SWE-agent",
        "SWE-agent",
        ("mini-swe-agent", "mini-extra"),
        ("pypi:mini-swe-agent",),
        common=("mini",),
    ),
    Cli("sweagent", "SWE-agent", "SWE-agent", ("sweagent",), ("pypi:sweagent",)),
    Cli("ra-aid", "RA.Aid", "RA.Aid", ("ra-aid",), ("pypi:ra-aid",)),
    Cli("mentat", "Mentat", "AbanteAI", ("mentat",), ("pypi:mentat",), evidence="package"),
    Cli("rawdog", "Rawdog", "AbanteAI", ("rawdog",), ("pypi:rawdog-ai",)),
    Cli("gpt-engineer", "gpt-engineer", "gpt-engineer", ("gpt-engineer", "gpte"), ("pypi:gpt-engineer",)),
    Cli("gpt-researcher", "GPT Researcher", "Tavily", ("gpt-researcher",), ("pypi:gpt-researcher",)),
    Cli("browser-use", "browser-use", "Browser Use", ("browser-use", "browseruse"), ("pypi:browser-use",)),
    Cli("fast-agent", "fast-agent", "fast-agent", ("fast-agent",), ("pypi:fast-agent-mcp",)),
    Cli("serena", "Serena", "Oraios AI", ("serena", "serena-mcp-server"), ("pypi:serena-agent",), evidence="package"),
    Cli("crewai", "crewAI", "crewAI", ("crewai",), ("pypi:crewai",)),
    Cli("adk", "Agent Development Kit", "Google", ("adk",), ("pypi:google-adk",), evidence="package"),
    Cli(
        "clai",
        "clai (Pydantic AI)",
        "Pydantic",
        ("clai",),
        ("pypi:clai", "pypi:pydantic-ai", "pypi:pydantic-ai-slim"),
        evidence="package",
    ),
    Cli("smolagent", "smolagents", "Hugging Face", ("smolagent", "webagent"), ("pypi:smolagents",)),
    Cli("strands", "Strands Agents", "AWS", ("strands",), ("pypi:strands-agents-builder",), evidence="package"),
    Cli(
        "langgraph",
        "LangGraph CLI",
        "LangChain",
        ("langgraph", "langgraphjs"),
        ("pypi:langgraph-cli", "npm:@langchain/langgraph-cli"),
    ),
    Cli("gh-copilot", "GitHub Copilot extension for gh", "GitHub", ("gh-copilot",)),
    Cli("docker-agent", "Docker Agent (cagent)", "Docker", ("cagent", "docker-agent"), ("homebrew:cagent",)),
    # -- around agents ----------------------------------------------------------------------------------------------
    Cli("claude-flow", "Claude Flow / Ruflo", "ruvnet", ("claude-flow", "ruflo"), ("npm:claude-flow", "npm:ruflo")),
    Cli(
        "claude-code-router",
        "Claude Code Router",
        "musistudio",
        ("ccr",),
        ("npm:@musistudio/claude-code-router",),
        evidence="package",
    ),
    Cli("claude-monitor", "Claude Code Usage Monitor", "community", ("claude-monitor",), ("pypi:claude-monitor",)),
    Cli("ccusage", "ccusage", "ryoppippi", ("ccusage",), ("npm:ccusage",)),
    Cli("happy", "Happy", "Happy", ("happy-mcp",), ("npm:happy", "npm:happy-coder"), common=("happy",)),
    Cli("vibe-kanban", "Vibe Kanban", "Bloop", ("vibe-kanban", "vibe-kanban-mcp"), ("npm:vibe-kanban",)),
    Cli(
        "task-master",
        "Task Master",
        "Task Master",
        ("task-master", "task-master-ai", "task-master-mcp"),
        ("npm:task-master-ai",),
    ),
    Cli("superclaude", "SuperClaude", "community", ("superclaude",), ("pypi:superclaude",)),
    Cli("specify", "Spec Kit", "GitHub", ("specify",), ("pypi:specify-cli",), evidence="package"),
    Cli("openspec", "OpenSpec", "Fission AI", ("openspec",), ("npm:@fission-ai/openspec",), evidence="package"),
    Cli("bmad", "BMAD Method", "BMad Code", ("bmad", "bmad-method"), ("npm:bmad-method",)),
    Cli("repomix", "Repomix", "yamadashy", ("repomix",), ("npm:repomix",)),
    Cli("opencommit", "OpenCommit", "community", ("opencommit",), ("npm:opencommit",), common=("oco",)),
    Cli("aicommits", "AI Commits", "Nutlope", ("aicommits",), ("npm:aicommits",)),
    Cli(
        "claude-agent-acp",
        "Claude agent for ACP",
        "Zed Industries",
        ("claude-agent-acp", "claude-code-acp"),
        ("npm:@zed-industries/claude-agent-acp", "npm:@zed-industries/claude-code-acp"),
    ),
    Cli("codex-acp", "Codex agent for ACP", "Zed Industries", ("codex-acp",), ("npm:@zed-industries/codex-acp",)),
    Cli(
        "promptfoo", "promptfoo", "promptfoo", ("promptfoo",), ("npm:promptfoo", "pypi:promptfoo", "homebrew:promptfoo")
    ),
    # -- MCP tools --------------------------------------------------------------------------------------------------
    Cli("mcp", "MCP Python SDK", "Model Context Protocol", ("mcp",), ("pypi:mcp",), evidence="package"),
    Cli(
        "mcp-inspector",
        "MCP Inspector",
        "Model Context Protocol",
        ("mcp-inspector", "mcp-inspector-cli"),
        ("npm:@modelcontextprotocol/inspector", "npm:@modelcontextprotocol/inspector-cli"),
    ),
    Cli("fastmcp", "FastMCP", "Prefect", ("fastmcp",), ("pypi:fastmcp", "npm:fastmcp")),
    Cli("mcpo", "mcpo", "Open WebUI", ("mcpo",), ("pypi:mcpo",)),
    Cli(
        "mcp-proxy",
        "mcp-proxy",
        "community",
        ("mcp-proxy", "mcp-reverse-proxy"),
        ("pypi:mcp-proxy", "npm:mcp-proxy", "homebrew:mcp-proxy"),
    ),
    Cli("mcp-remote", "mcp-remote", "community", ("mcp-remote", "mcp-remote-client"), ("npm:mcp-remote",)),
    Cli("supergateway", "Supergateway", "Supercorp", ("supergateway",), ("npm:supergateway",)),
    Cli("smithery", "Smithery CLI", "Smithery", ("smithery",), ("npm:@smithery/cli",)),
    Cli("mcporter", "MCPorter", "community", ("mcporter",), ("npm:mcporter", "homebrew:mcporter")),
    Cli("mcpm", "MCPM", "MCPM", ("mcpm",), ("pypi:mcpm", "homebrew:mcpm")),
    Cli("mcp-use", "mcp-use", "mcp-use", ("mcp-use",), ("npm:mcp-use", "npm:@mcp-use/cli")),
    Cli("mcp-agent", "mcp-agent", "LastMile AI", ("mcp-agent",), ("pypi:mcp-agent",)),
    Cli("mcp-cli", "mcp-cli", "community", ("mcp-cli",), ("pypi:mcp-cli",)),
    Cli(
        "mcpb",
        "MCP bundle tools",
        "Anthropic",
        ("mcpb", "dxt"),
        ("npm:@anthropic-ai/mcpb", "npm:@anthropic-ai/dxt"),
        evidence="package",
    ),
    Cli(
        "mcp-scan",
        "MCP-Scan / Snyk Agent Scan",
        "Snyk",
        ("mcp-scan", "snyk-agent-scan"),
        ("pypi:mcp-scan", "pypi:snyk-agent-scan"),
    ),
    Cli("toolhive", "ToolHive", "Stacklok", ("thv",), ("homebrew:thv",)),
    Cli("docker-mcp", "Docker MCP Toolkit", "Docker", ("docker-mcp",)),
    # -- model runners and chat clients -------------------------------------------------------------------------------
    Cli("ollama", "Ollama", "Ollama", ("ollama",), ("homebrew:ollama",)),
    Cli("llm", "llm", "Simon Willison", ("llm",), ("pypi:llm", "homebrew:llm"), evidence="package"),
    Cli("shell-gpt", "ShellGPT", "community", ("sgpt",), ("pypi:shell-gpt", "homebrew:shell-gpt")),
    Cli("fabric", "Fabric", "Daniel Miessler", ("fabric-ai",), ("homebrew:fabric-ai",), common=("fabric",)),
    Cli("mods", "Mods", "Charm", ("mods",), ("homebrew:mods",), evidence="package"),
    Cli("tgpt", "tgpt", "community", ("tgpt",), ("homebrew:tgpt",)),
    Cli("aichat", "AIChat", "community", ("aichat",), ("cargo:aichat", "homebrew:aichat")),
    Cli("ai-shell", "AI Shell", "Builder.io", ("ai-shell",), ("npm:@builder.io/ai-shell",)),
    Cli("elia", "Elia", "community", ("elia",), ("pypi:elia-chat",), evidence="package"),
    Cli("oterm", "oterm", "community", ("oterm",), ("pypi:oterm",)),
    Cli("chatgpt-cli", "ChatGPT CLI", "community", ("chatgpt-cli",), ("homebrew:chatgpt-cli",)),
    Cli("openai", "OpenAI Python CLI", "OpenAI", ("openai",), ("pypi:openai",)),
    Cli(
        "huggingface",
        "Hugging Face Hub CLI",
        "Hugging Face",
        ("huggingface-cli",),
        ("pypi:huggingface-hub", "pypi:hf", "homebrew:hf", "homebrew:huggingface-cli"),
        common=("hf",),
    ),
    Cli("llamafile", "llamafile", "Mozilla", ("llamafile",), ("homebrew:llamafile",)),
    Cli("llama-cpp", "llama.cpp", "ggml", ("llama-cli", "llama-server"), ("homebrew:llama.cpp",)),
    Cli(
        "mlx-lm",
        "MLX LM",
        "Apple",
        ("mlx_lm", "mlx_lm.server", "mlx_lm.generate", "mlx_lm.chat"),
        ("pypi:mlx-lm", "homebrew:mlx-lm"),
    ),
    Cli("vllm", "vLLM", "vLLM", ("vllm",), ("pypi:vllm",)),
    Cli("sglang", "SGLang", "SGLang", ("sglang",), ("pypi:sglang",)),
    Cli("ramalama", "RamaLama", "Red Hat", ("ramalama",), ("pypi:ramalama", "homebrew:ramalama")),
    Cli("instructlab", "InstructLab", "Red Hat", ("ilab",), ("pypi:instructlab",)),
    Cli("local-ai", "LocalAI", "LocalAI", ("local-ai",), ("homebrew:localai",)),
    Cli("openllm", "OpenLLM", "BentoML", ("openllm",), ("pypi:openllm",)),
    Cli(
        "tabby",
        "Tabby",
        "TabbyML",
        ("tabby",),
        ("homebrew:tabby", "cargo:tabby"),
        evidence="package",
        folders=(".tabby", "tabby"),
    ),
    # -- platforms ----------------------------------------------------------------------------------------------------
    Cli("litellm", "LiteLLM", "BerriAI", ("litellm", "litellm-proxy"), ("pypi:litellm",)),
    Cli("open-webui", "Open WebUI", "Open WebUI", ("open-webui",), ("pypi:open-webui",)),
    Cli("langflow", "Langflow", "Langflow", ("langflow",), ("pypi:langflow", "pypi:langflow-base")),
    Cli("flowise", "Flowise", "FlowiseAI", ("flowise",), ("npm:flowise",)),
    Cli("dify", "Dify plugin CLI", "LangGenius", ("dify",), ("pypi:dify-plugin", "homebrew:dify"), evidence="package"),
    Cli("n8n", "n8n", "n8n", ("n8n",), ("npm:n8n",)),
    Cli("chainlit", "Chainlit", "Chainlit", ("chainlit",), ("pypi:chainlit",)),
    Cli("mastra", "Mastra", "Mastra", ("mastra",), ("npm:mastra",), evidence="package"),
    Cli("autogenstudio", "AutoGen Studio", "Microsoft", ("autogenstudio",), ("pypi:autogenstudio",)),
)
"""All tools that are known here. Two may share a binary name; their packages tell them apart."""

_SUFFIX = re.compile(r"\.(?:exe|cmd|ps1|bat)$", re.IGNORECASE)


def binary_name(file: str, windows: bool) -> str:
    """The name under which a file would be called; on Windows without its suffix, and in lower case."""
    return _SUFFIX.sub("", file).lower() if windows else file


def _by_binary() -> dict[str, tuple[Cli, ...]]:
    found: dict[str, tuple[Cli, ...]] = {}
    for cli in CLIS:
        for name in (*cli.binaries, *cli.common):
            found[name] = (*found.get(name, ()), cli)
    return found


BY_BINARY = _by_binary()
"""Binary name to the tools that have it."""

AMBIGUOUS: frozenset[str] = frozenset(
    cli.agent for cli in CLIS for name in (*cli.binaries, *cli.common) if cli.agent and cli.needs(name) == "package"
)
"""Agents with a tool whose name alone proves nothing."""


def identify(binary: str, packages: Iterable[str], target: str, present: Collection[str] = ()) -> Cli | None:
    """Which tool a file is. `packages` are the packages it was found to belong to (`npm:NAME`, ...), `target` is its
    resolved path with forward slashes, `present` are the agents that are in use where the file lies. None where the
    name is unknown, or needs evidence that is not there. A package or a place says more than an agent's presence."""
    candidates = BY_BINARY.get(binary, ())
    known = set(packages)
    for cli in candidates:
        if known & set(cli.packages) or any(f"/{folder}/" in target for folder in cli.folders):
            return cli
    named = next((cli for cli in candidates if cli.needs(binary) == "name"), None)
    return named or next((cli for cli in candidates if cli.agent and cli.agent in present), None)


_VERSION = r"v?\d+(?:\.\d+)+(?:[-+.][0-9A-Za-z.-]+)?|\d{4}\.\d{2}\.\d{2}-[0-9a-f]+"
_OTHER_VERSIONS = frozenset({".pyenv", ".rbenv", ".nvm", ".nodenv", ".sdkman", "fnm", "Python.framework"})
"""Below these a `versions` folder holds versions of a language, not of the tool."""


def homebrew_package(target: str) -> tuple[str, str] | None:
    """Formula or cask and its version, from a resolved path in Homebrew's folders; None outside them."""
    match = re.search(r"/(?:Cellar|Caskroom)/([^/]+)/([^/]+)/", target)
    return (match[1], match[2]) if match else None


def version_in_path(target: str) -> str | None:
    """Version that an installer wrote into the resolved path (`.../versions/2.1.3`); None where there is none."""
    if _OTHER_VERSIONS & set(target.split("/")):
        return None
    match = re.search(rf"/(?:versions|releases|installs/[^/]+)/({_VERSION})(?:/|$)", target)
    return match[1] if match else None


def venv_package(target: str) -> tuple[str, str] | None:
    """Manager (`pipx` or `uv`) and package, from the place of an environment made for one tool; None elsewhere."""
    match = re.search(r"/(?:\.?local/)?(pipx/venvs|uv/tools)/([^/]+)/(?:bin|Scripts)/[^/]+$", target)
    return (match[1].split("/")[0], match[2]) if match else None


def shim_target(text: str) -> str | None:
    """The file inside `node_modules` that a small start script (npm and pnpm on Windows, pnpm, wrappers) runs, with
    forward slashes; relative to the script's folder, or absolute. None where the script names none."""
    for match in re.finditer(r"[\"']([^\"'\n]*node_modules[\\/][^\"'\n]+)[\"']", text):
        path = match[1].replace("\\", "/")
        if "NODE_PATH" in text[max(0, match.start() - 40) : match.start()]:
            # pnpm exports a search path first, which names folders and no program.
            continue
        path = re.sub(r"^(?:%~?dp0%?/?|\$basedir/|\$PSScriptRoot/|\$\(dirname [^)]*\)/)", "", path)
        if "$" not in path and "%" not in path:
            return path
    return None


def shebang(first_line: bytes) -> str | None:
    """The interpreter in the `#!` line of a script; behind `env` only its name. None where there is no such line."""
    match = re.match(rb"#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?", first_line)
    if match is None:
        return None
    program = match[1].decode("utf-8", "replace")
    if program.rsplit("/", 1)[-1] == "env" and match[2]:
        return match[2].decode("utf-8", "replace")
    if program in ("/bin/sh", "/usr/bin/sh"):
        # pip and uv write a second line where the interpreter's path is too long or holds blanks.
        long = re.match(rb"#!\S+\s*\n\s*'''exec'\s+['\"]?([^'\"\n]+?)['\"]?\s+\"\$0\"", first_line)
        if long:
            return long[1].decode("utf-8", "replace")
    return program


def owns_script(entry_points: str, record: str, binary: str) -> bool:
    """Whether a Python distribution with these files (`entry_points.txt`, `RECORD`) brings the script `binary`."""
    section = ""
    for line in entry_points.splitlines():
        text = line.strip()
        if text.startswith("["):
            section = text.strip("[]").strip()
        elif section in ("console_scripts", "gui_scripts") and text.partition("=")[0].strip() == binary:
            return True
    pattern = rf"(?m)^[^,\n]*(?:bin|Scripts)/{re.escape(binary)}(?:\.exe)?,"
    return re.search(pattern, record, re.IGNORECASE) is not None


def distribution(metadata: str) -> tuple[str, str] | None:
    """Name and version in a distribution's METADATA; None where it has no such head."""
    head = metadata.split("\n\n", 1)[0]
    name = re.search(r"(?mi)^Name:\s*(\S+)", head)
    version = re.search(r"(?mi)^Version:\s*(\S+)", head)
    return (name[1], version[1]) if name and version else None


def python_name(name: str) -> str:
    """A PyPI name in its canonical spelling (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
