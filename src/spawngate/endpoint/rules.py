"""SHELL. Rules for this run: those in the wheel and those in folders of the organisation.

Must not be here: what a rule may say (`rules`).
"""

import os
from collections.abc import Sequence

from spawngate.endpoint import files
from spawngate.model.errors import UsageError
from spawngate.rules.engine import RuleSet, load_rules, shipped
from spawngate.rules.vocabulary import SUBJECTS

MAX_RULE = 256 << 10
"""Bytes of one rule file."""


def rule_set(folders: Sequence[str] = (), subjects: frozenset[str] = SUBJECTS) -> RuleSet:
    """The shipped rules about `subjects`, and every `<subject>/<id>.toml` below `folders`. Raises UsageError for a bad
    one."""
    texts: dict[str, str] = {}
    for folder in folders:
        paths = [os.path.join(root, name) for root, _, names in os.walk(folder) for name in names]
        found = {path: _read(path) for path in sorted(paths) if path.endswith(".toml")}
        if not found:
            raise UsageError(f"{folder}: no rule (<subject>/<id>.toml) below this folder")
        texts.update(found)
    return load_rules(texts, beside=shipped()) if texts else shipped(subjects)


def _read(path: str) -> str:
    try:
        return files.read(path, MAX_RULE).decode("utf-8")
    except files.Unreadable as error:
        raise UsageError(f"{path}: {error.message}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8") from None
