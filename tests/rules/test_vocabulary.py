"""The words of every subject: they load on demand, and none can be taken for another."""

import subprocess
import sys

import pytest

from spawngate.rules.matchers import _OPERATORS
from spawngate.rules.vocabulary import INVENTORY, SUBJECTS, vocabulary_for


def test_every_subject_has_its_own_vocabulary() -> None:
    assert {subject: vocabulary_for(subject).subject for subject in SUBJECTS} == {name: name for name in SUBJECTS}
    with pytest.raises(KeyError):
        vocabulary_for("nothing")


def test_no_fact_can_be_taken_for_another_with_an_operator() -> None:
    for subject in SUBJECTS:
        names = set(vocabulary_for(subject).types)
        assert not names & {"any", "all", "not"}
        clashes = {name + form for name in names for form in _OPERATORS} & names
        # An exact name wins over a name with an operator, so a clash would make the operator unusable.
        assert clashes == set()


def test_rules_of_an_inventory_do_not_load_the_reading_of_commands() -> None:
    """A scan starts in half the time without it."""
    program = (
        "import sys; from spawngate.rules.engine import shipped; from spawngate.rules.vocabulary import INVENTORY; "
        "print(len(shipped(INVENTORY).rules) > 50, 'spawngate.command.readers' in sys.modules)"
    )
    assert INVENTORY < SUBJECTS
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "True False\n"
