"""One event, whole, with its proof."""

import base64
from pathlib import Path

from spawngate.server.views.happening import happening
from spawngate.trail import tree
from tests.server import fleetdata
from tests.server.fleetdata import decided


def test_the_proof_holds_for_whoever_checks_it(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [decided("allow", f"command {number}") for number in range(9)])
        found = happening(parts, None, ("e1", "s1", 5))
    assert found is not None
    assert (found.intact, found.row.text, found.problem) == (True, "command 4", "")
    assert found.event is not None
    assert found.event.sequence == 5
    proof = found.inclusion
    assert proof is not None
    assert (proof.index, proof.size, proof.holds) == (4, 9, True)
    leaf = tree.leaf(base64.b64decode(proof.leaf))
    tree.check_inclusion(leaf, 4, 9, [bytes.fromhex(each) for each in proof.path], bytes.fromhex(proof.root))
    assert '"command 4"' in found.record


def test_none_where_there_is_none_or_it_is_another_teams(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [decided("allow", "x")])
        assert happening(parts, None, ("e1", "s1", 2)) is None
        assert happening(parts, frozenset({2}), ("e1", "s1", 1)) is None
        assert happening(parts, frozenset({1}), ("e1", "s1", 1)) is not None
