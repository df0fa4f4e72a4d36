"""Hook payloads as a working day brings them: a seeded mix of shell, file, search, fetch and MCP calls.

In Claude Code's form, because most payloads on real machines have it. Nothing in them repeats exactly: names, numbers
and ids are drawn anew, so that no cache makes a benchmark look better than the first call of its kind.
Must not be here: imports from `spawngate`, and what should be decided (`bench.commands`).
"""

import json
import random
from collections.abc import Iterator
from typing import Any

WORDS = (
    "api auth build cache client config core data deps docs engine events fetch index job list main model page parser"
)
WORDS += " queue report router schema server session store sync table task test token user util view watch worker"
NAMES = WORDS.split()
SHELL = (
    "ls -la {d}",
    "git status --short",
    "git diff HEAD~{n} -- {f}",
    "git add -A && git commit -m 'Fix {w} in {w2} ({n})'",
    "git log --oneline -{n} | head -20",
    "git checkout -b {w}-{n} && git push -u origin {w}-{n}",
    "npm ci && npm test -- --run {f}",
    "npx tsc --noEmit -p {d}",
    "pnpm --filter {w} build 2>&1 | tail -{n}",
    "python -m pytest -q tests/{w}/test_{w2}.py -k 'not slow{n}'",
    "pip install -r requirements/{w}.txt",
    "uv run python scripts/{w}_{n}.py --dry-run",
    "cargo build --release && cargo test {w}::{w2}",
    "go test ./{w}/... -run Test{n}",
    "docker compose up -d {w} && docker compose logs --tail={n} {w}",
    "kubectl get pods -n {w} -o json | jq '.items[{n}].status'",
    "curl -s https://api.{w}.example/v1/{w2}?page={n} | jq .",
    "find . -name '*.{w}' -mtime -{n} -not -path './node_modules/*' | xargs grep -l {w2}",
    "grep -rn '{w}' --include='*.py' {d} | sort | uniq -c",
    "sed -i 's/{w}_{n}/{w2}_{n}/g' {f}",
    'for f in {d}/*.py; do python -m black "$f" || echo "failed $f {n}"; done',
    "cd {d} && make -j4 {w} && ./bin/{w} --port {n}",
    "rm -rf {d}/dist {d}/node_modules/.cache-{n}",
    "mkdir -p {d}/{w}-{n} && touch {d}/{w}-{n}/__init__.py",
    "test -f {f} && cat {f} | wc -l || echo missing {n}",
    "psql -c 'select count(*) from {w} where id > {n}'",
    "ssh build@{w}.example 'systemctl status {w2}'",
    "tar czf /tmp/{w}-{n}.tgz --exclude .git {d}",
    "NODE_ENV=test PORT={n} node server/{w}.js > /tmp/{w}.log 2>&1 &",
    "if [ -d {d} ]; then (cd {d} && ls | head -{n}); else echo no; fi",
    "terraform -chdir={d} plan -var 'count={n}'",
    "gh pr create --title '{w}: {w2}' --body 'See #{n}'",
    "ps aux | awk '$3 > {n} {{print $2, $11}}' | sort -k2",
    "cat > {d}/{w}_{n}.py <<'EOF'\n{code}EOF\npython {d}/{w}_{n}.py",
)
"""One in SHELL is a here-document of ten to sixty lines, about as often as agents write them."""
ID = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def payloads(seed: int = 0) -> Iterator[bytes]:
    """Payloads without end."""
    source = random.Random(seed)
    sessions = [f"{source.getrandbits(128):032x}" for _ in range(12)]
    number = 0
    while True:
        number += 1
        tool, given = _call(source)
        project = f"/home/dev/{source.choice(NAMES)}"
        yield json.dumps(
            {
                "session_id": source.choice(sessions),
                "transcript_path": f"/home/dev/.claude/projects/{number}.jsonl",
                "cwd": project,
                "permission_mode": "default",
                "hook_event_name": "PreToolUse",
                "tool_name": tool,
                "tool_input": given,
                "tool_use_id": "toolu_" + "".join(source.choices(ID, k=24)),
            }
        ).encode()


def _call(source: random.Random) -> tuple[str, dict[str, Any]]:
    draw = source.random()
    path = f"/home/dev/{source.choice(NAMES)}/src/{source.choice(NAMES)}_{source.randrange(10_000)}.ts"
    if draw < 0.55:
        return "Bash", {"command": shell(source), "description": f"Work on {source.choice(NAMES)}"}
    if draw < 0.72:
        return "Read", {"file_path": path}
    if draw < 0.86:
        return "Edit", {"file_path": path, "old_string": code(source, 4), "new_string": code(source, 6)}
    if draw < 0.90:
        return "Write", {"file_path": path, "content": code(source, 120)}
    if draw < 0.96:
        return "Grep", {"pattern": f"{source.choice(NAMES)}\\w+", "path": "src", "glob": "*.ts"}
    if draw < 0.98:
        return "WebFetch", {
            "url": f"https://docs.{source.choice(NAMES)}.example/{source.randrange(999)}",
            "prompt": "?",
        }
    return f"mcp__{source.choice(NAMES)}__query", {"sql": f"select * from {source.choice(NAMES)}", "limit": 10}


def shell(source: random.Random) -> str:
    """One command."""
    return source.choice(SHELL).format(
        d=f"src/{source.choice(NAMES)}",
        f=f"src/{source.choice(NAMES)}/{source.choice(NAMES)}_{source.randrange(10_000)}.py",
        w=source.choice(NAMES),
        w2=source.choice(NAMES),
        n=source.randrange(1, 10_000),
        code=code(source, source.randrange(10, 60)),
    )


def code(source: random.Random, lines: int) -> str:
    """Some lines of a program."""
    return "".join(
        f"    {source.choice(NAMES)}_{source.randrange(99)} = {source.choice(NAMES)}(self.{source.choice(NAMES)})\n"
        for _ in range(lines)
    )
