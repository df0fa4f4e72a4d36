"""Builds the advisory records of the wheel from the research file, and says what it changed.

    python -m bench.build_advisories RESEARCH.json

The research file holds OSV-shaped records with sources, notes and confidence. What this adds is what a matcher needs
and a note cannot say: the releases that the sources disagree about (`doubts`), the forms a fault is limited to, good
releases that no range names, and names for what has no package. Each addition repeats a note of the record it changes
or says where else it was read.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "src" / "spawngate" / "advisories" / "data"

Doubts = Sequence[Mapping[str, Any]]

DOUBTS: Mapping[str, Doubts] = {
    "CVE-2026-41497": [
        {
            "introduced": "4.5.149",
            "fixed": "4.6.9",
            "why": "the CVE record names 4.6.9 as the fix, a copy of the GitHub advisory 4.5.149",
        }
    ],
    "CVE-2025-61260": [
        {
            "versions": ["0.23.0"],
            "why": "the researchers call 0.23.0 the fix, the CVE record counts it as affected",
        }
    ],
    "CVE-2026-33032": [
        {
            "introduced": "2.3.4",
            "last_affected": "2.3.5",
            "why": "the maintainers call 2.3.4 the fix, the CVE record counts 2.3.4 and 2.3.5 as affected",
        }
    ],
    "CVE-2025-68144": [
        {
            "introduced": "2025.12.17",
            "fixed": "2025.12.18",
            "why": "the record names 2025.12.17 as the fix, the release that carries it is 2025.12.18",
        }
    ],
    "CVE-2025-68145": [
        {
            "introduced": "2025.12.17",
            "fixed": "2025.12.18",
            "why": "the record names 2025.12.17 as the fix, NVD 2025.12.18",
        }
    ],
    "CVE-2026-42449": [
        {
            "introduced": "2.17.1",
            "fixed": "2.47.4",
            "why": "one database starts the affected releases at 2.17.1, the record at 2.47.4",
        }
    ],
    "CVE-2025-54382": [
        {
            "introduced": "0",
            "fixed": "1.5.1",
            "why": "the record names 1.5.1 only, NVD everything before 1.5.2",
        }
    ],
    "CVE-2025-59528": [
        {
            "introduced": "0",
            "fixed": "3.0.5",
            "why": "the record names 3.0.5 only; older releases have the same function and are not listed",
        }
    ],
    "CVE-2026-30623": [
        {
            "versions": ["1.83.6-nightly"],
            "why": "the fix first appeared in the nightly builds of 1.83.6, not in all of them",
        }
    ],
    "CVE-2026-33224": [
        {
            "introduced": "0",
            "why": "no CVE record with this number was found; press calls it patched, the code allows stdio by default",
        }
    ],
    "NOCVE-2026-YUXI": [
        {"introduced": "0", "why": "a fix was merged on 8 August 2026; the release that carries it is not known"}
    ],
    "NOCVE-2026-GOCLAW": [
        {"introduced": "0", "why": "a fix was merged on 20 June 2026; the release that carries it is not known"}
    ],
}
"""Releases about which sources disagree, by record; for every package of the record."""

FORMS: Mapping[str, Sequence[str]] = {
    # The vendor says that the official image did not hold the stolen releases; its source never did.
    "NOCVE-2026-LITELLM-MALWARE": ["package"],
}
FIXED_IN: Mapping[str, Sequence[str]] = {"NOCVE-2026-LITELLM-MALWARE": ["1.83.0"]}
NAMES: Mapping[str, Sequence[str]] = {
    # Sources name the repository's name and the accounts behind the copies, which change; the name is what stays.
    "NOCVE-2026-SMARTLOADER-OURA": ["oura-mcp-server", "oura-ring-mcp", "oura-mcp"],
}
CONFIRMED: Mapping[str, str] = {
    "CVE-2026-23744": "The npm package names MCPJam/inspector as its repository (read in the registry, November 2026).",
    "CVE-2026-26118": "The npm package names microsoft/mcp as its repository (read in the registry, November 2026); "
    "the NuGet and PyPI ids were not confirmed and are not matched.",
}
"""What a note asked to check before matching, and the outcome."""

SUMMARIES: Mapping[str, str] = {
    "CVE-2026-30623": "LiteLLM's form for a new MCP server handed the caller's command and arguments to a process on "
    "the proxy host. By the vendor a valid key was needed; the fix limits the launcher's name, also for stored rows.",
    "CVE-2026-56274": "The list of forbidden flags after CVE-2026-40933 missed sub-commands and long spellings (docker "
    "build, npx --yes) and its path check could be avoided: any Flowise account runs commands.",
}


def build(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records as they are shipped, sorted by id."""
    out = []
    for record in records:
        name = record["id"]
        record = json.loads(json.dumps(record))
        record["summary"] = SUMMARIES.get(name, record["summary"])
        own = record["database_specific"]
        for entry in record["affected"]:
            more = entry.setdefault("database_specific", {})
            if name in DOUBTS:
                more["doubts"] = DOUBTS[name]
            if name in FORMS:
                more["forms"] = FORMS[name]
            if name in CONFIRMED:
                more.pop("name_note", None)
            if not more:
                del entry["database_specific"]
            for empty in ("ranges", "versions"):
                if not entry.get(empty):
                    entry.pop(empty, None)
        if name in CONFIRMED:
            own["notes"].append(CONFIRMED[name])
        if name in FIXED_IN:
            own["fixed_in"] = FIXED_IN[name]
        if name in NAMES:
            own["names"] = NAMES[name]
        out.append(record)
    unknown = (set(DOUBTS) | set(FORMS) | set(FIXED_IN) | set(NAMES) | set(CONFIRMED) | set(SUMMARIES)) - {
        record["id"] for record in records
    }
    if unknown:
        raise SystemExit(f"no such record: {', '.join(sorted(unknown))}")
    return sorted(out, key=lambda record: str(record["id"]))


def write(name: str, value: Any) -> None:
    """One data file, one value a line so that a change shows as a change."""
    (DATA / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Reads the research file named on the command line and writes the data files."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m bench.build_advisories RESEARCH.json")
    research = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    records = build(research["advisories"])
    write("advisories.json", records)
    write("archived.json", research["archived_servers"])
    print(f"{len(records)} records, {sum(len(DOUBTS[name]) for name in DOUBTS)} doubts")


if __name__ == "__main__":
    main()
