"""The words of rules about inventories agree with the facts they are about."""

import inspect
import re

from spawngate.launch import facts
from spawngate.rules.inventory_words import ARTIFACT, ENDPOINT, LAUNCH, TOOL
from spawngate.rules.vocabulary import Type


def test_types_and_defaults() -> None:
    assert (LAUNCH.types["shell"], LAUNCH.defaults["shell"]) == (Type.FLAG, False)
    assert (LAUNCH.types["pin"], LAUNCH.defaults["pin"]) == (Type.TEXT, "none")
    assert (LAUNCH.types["wrappers"], LAUNCH.defaults["wrappers"]) == (Type.TEXTS, ())
    assert (ARTIFACT.types["hidden_characters"], ARTIFACT.defaults["hidden_characters"]) == (Type.COUNT, 0)
    assert (ENDPOINT.types["shell"], ENDPOINT.defaults["unattended"]) == (Type.TEXTS, False)
    assert (TOOL.words["kind"], TOOL.defaults["kind"] in TOOL.words["kind"]) == (
        frozenset({"tool", "instructions"}),
        True,
    )


def test_closed_lists_are_those_of_the_facts() -> None:
    """Each value of a closed list stands in the text that describes the fact, and its default is one of them."""
    source = inspect.getsource(facts)
    for name, words in LAUNCH.words.items():
        match = re.search(rf'^    {name}: [^\n]+\n    """(.*?)"""', source, re.MULTILINE | re.DOTALL)
        default = LAUNCH.defaults[name]
        assert default == () or default in words
        if match:
            missing = [word for word in words if word and not re.search(rf"\b{re.escape(word)}\b", match[1])]
            assert missing in ([], ["cgroup"]), name
