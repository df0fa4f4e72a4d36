"""Lines of settings that change nothing that matters: where packages come from, what runs, what an agent may do.

Belongs here: which keys are harmless, in the files whose purpose is to name sources (`.npmrc`, `pip.conf`,
`.yarnrc.yml`), and lines of comment in any. Must not be here: which files those are (`command.places`).
Sources, read 2026-11: npm's page on config, pnpm's on settings, Yarn's on yarnrc, pip's on configuration. What is not
listed counts as a source.
"""

import re
from collections.abc import Sequence

from spawngate.launch.argv import word_set

_HARMLESS = word_set(
    """
    engine-strict save-exact save-prefix save fund audit audit-level loglevel progress legacy-peer-deps
    auto-install-peers shamefully-hoist strict-peer-dependencies node-linker package-lock prefer-offline color unicode
    hoist hoist-pattern public-hoist-pattern resolution-mode link-workspace-packages prefer-workspace-packages
    update-notifier message tag-version-prefix dedupe-peer-dependents side-effects-cache shared-workspace-lockfile
    fetch-timeout fetch-retries maxsockets lockfile prefer-frozen-lockfile ignore-workspace-root-check sign-git-tag
    init-author-name init-author-email init-license init-version strict-dep-builds manage-package-manager-versions
    nodelinker enabletelemetry enableglobalcache compressionlevel defaultsemverrangeprefix checksumbehavior
    nmmode enableimmutableinstalls enableprogressbars pnpmode
    jobs incremental target-dir offline retry opt-level lto debug codegen-units panic
    timeout retries disable-pip-version-check no-cache-dir require-virtualenv progress_bar progress-bar no-color quiet
    verbose no-input default-timeout
    """
)
_ON_ONLY = word_set("ignore-scripts strict-ssl enablestrictssl require-hashes only-binary")
"""Keys that protect: harmless where they are switched on."""
_LINE = re.compile(r"\s*+([\w-]+)\s*+[=:]\s*+([\w .,*@/^~'\"-]*+)\s*+")
_NOTHING = re.compile(r"\s*+(?:[#;].*|\[[\w-]+\]\s*+)?")
_ON = frozenset({"true", "1", "yes", "on", ":all:"})


_COMMENT = re.compile(r"\s*+(?:#|//).*|\s*+")


def only_comments(text: str) -> bool:
    """Whether a text is nothing but whole lines of comment, as TOML, YAML, INI and JSONC have them."""
    lines = text.splitlines()
    return bool(text.strip()) and all(_COMMENT.fullmatch(line) is not None for line in lines)


def names_no_source(lines: Sequence[str], *, kept: bool = True) -> bool:
    """Whether there are lines, and none of them names a source, a credential, a proxy or a program. `kept`: the lines
    will stand there; where they go, one that protects is no harmless one."""
    if not lines:
        return False
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            if _NOTHING.fullmatch(line) is None:
                return False
            continue
        key, value = found[1].lower(), found[2].strip("'\" ").lower()
        if "//" in value or not (key in _HARMLESS or (kept and key in _ON_ONLY and value in _ON)):
            return False
    return True
