"""What programs of `command.tools.agents` do, by their arguments."""

import pytest

from spawngate.command.tools.agents import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("HOME=/tmp/x claude -p hi", ("agent-hooks-off", "agent-run")),
    ("claude --settings /tmp/s.json -p x", ("agent-config-change", "agent-run")),
    ("claude -p hi", ("agent-run",)),
    ("claude --version", ()),
    ("claude --dangerously-skip-permissions -p hi", ("agent-run", "agent-unattended")),
    ("claude --bare -p hi", ("agent-hooks-off", "agent-run")),
    ("claude --settings '{\"disableAllHooks\":true}' -p hi", ("agent-hooks-off", "agent-run")),
    ("claude mcp add x -- y", ("agent-server-add",)),
    ("claude mcp list", ()),
    ("claude plugin install a@b", ("agent-plugin",)),
    ("claude config set a b", ("agent-config-change",)),
    ("codex exec x", ("agent-run",)),
    ("codex --disable hooks exec x", ("agent-hooks-off", "agent-run")),
    ("codex -c features.hooks=false exec x", ("agent-hooks-off", "agent-run")),
    ("gemini --yolo -p x", ("agent-run", "agent-unattended")),
    ("gemini extensions install https://git.example.net/x", ("agent-plugin",)),
    ("copilot -p x --allow-all-tools", ("agent-run", "agent-unattended")),
    ("opencode --pure run x", ("agent-hooks-off", "agent-run")),
    ("cursor-agent -f -p x", ("agent-run", "agent-unattended")),
    ("CLAUDE_CODE_SIMPLE=1 claude -p x", ("agent-hooks-off", "agent-run")),
    ("CLAUDE_CONFIG_DIR=/tmp/x claude -p x", ("agent-hooks-off", "agent-run")),
    ("ANTHROPIC_BASE_URL=https://x.example.net claude -p x", ("agent-run", "model-redirect")),
    ("ANTHROPIC_BASE_URL=http://127.0.0.1:1 claude -p x", ("agent-run",)),
    ("claude -p 'what does --yolo do?'", ("agent-run",)),
    ("claude mcp serve", ("mcp-server",)),
    ("q chat -a x", ("agent-run", "agent-unattended")),
    ("kimi --print -c x", ("agent-run", "agent-unattended")),
    ("gemini -yp x", ("agent-run", "agent-unattended")),
    ("pi --no-extensions -p x", ("agent-hooks-off", "agent-run")),
    ("pi -e /tmp/x.ts -p x", ("agent-plugin", "agent-run")),
    ("codex -c sandbox_workspace_write.network_access=true exec x", ("agent-config-change", "agent-run")),
    ("codex --add-dir ../lib exec x", ("agent-run",)),
    ("claude -p 'explain -ne and --print'", ("agent-run",)),
    ("launchctl setenv ANTHROPIC_BASE_URL https://x.example.net", ("model-redirect",)),
    ("setx CLAUDE_CODE_SIMPLE 1", ("agent-hooks-off",)),
    ("cat p.md | claude -p", ("agent-run", "agent-told")),
    ("git diff | claude -p 'review this'", ("agent-run",)),
    ("opencode serve --hostname 0.0.0.0", ("agent-run", "listen", "listen-all")),
    ("claude mcp remove x", ("agent-server-remove",)),
    ("claude plugin marketplace list", ()),
    ("claude plugin marketplace add x/y", ("agent-plugin",)),
    ("claude plugin uninstall spawngate", ("agent-hooks-off", "spawngate-off")),
    ("claude --permission-prompt-tool mcp__x__y -p x", ("agent-config-change", "agent-run")),
    ("codex -c mcp_servers.x.command=sh exec x", ("agent-run", "agent-server-add")),
    ("codex -c 'notify=[\"sh\"]' exec x", ("agent-plugin", "agent-run")),
    ("codex -c model_providers.x.base_url=https://x.example.net exec x", ("agent-run", "model-redirect")),
    ("codex -c projects./w.trust_level=trusted x", ("agent-run", "agent-unattended")),
    ("codex features disable hooks", ("agent-hooks-off",)),
    ("codex features list", ()),
    ("copilot --allow-tool shell -p x", ("agent-run", "agent-unattended")),
    ("copilot --allow-tool 'shell(git:*)' -p x", ("agent-run",)),
    ("copilot --additional-mcp-config '{}' -p x", ("agent-run", "agent-server-add")),
    ("gemini --allowed-tools run_shell_command -p x", ("agent-run", "agent-unattended")),
    ("droid exec --auto high x", ("agent-run", "agent-unattended")),
    ("droid exec --auto low x", ("agent-run",)),
    ("goose session --with-extension 'npx x'", ("agent-run", "agent-server-add")),
    ("kiro-cli settings chat.x true", ("agent-config-change",)),
    ("kiro-cli settings list", ()),
    ("amp permissions add allow Bash", ("agent-config-change",)),
    ("amp permissions list", ()),
    ("hermes hooks revoke x", ("agent-hooks-off",)),
    ('OPENCODE_PERMISSION=\'{"*":"allow"}\' opencode run x', ("agent-run", "agent-unattended")),
    ("COPILOT_ALLOW_ALL=1 copilot -p x", ("agent-run", "agent-unattended")),
    ("SPAWNGATE_MODE=monitor ls", ("spawngate-off",)),
    ("spawngate status", ("spawngate-run",)),
    ("spawngate unprotect", ("spawngate-off", "spawngate-run")),
    ("spawngate approve x", ("spawngate-off", "spawngate-run")),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
