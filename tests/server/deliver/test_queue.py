"""`server.deliver.queue`: what waits, by destination, oldest first, whatever comes and goes."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.deliver.ledger import Pending
from spawngate.server.deliver.queue import Queue
from tests.routing.samples import NOTICE


def pending(id: str, created: float = 1.0, destination: str = "chat") -> Pending:
    return Pending(msgspec.structs.replace(NOTICE, id=id), destination, created, created)


def test_oldest_first_and_each_destination_by_itself() -> None:
    queue = Queue({each.notice.id: each for each in (pending("b", 3.0), pending("a", 3.0), pending("c", 2.0, "mail"))})
    queue.put(pending("d", 1.0))
    assert (queue.destinations(), len(queue), "d" in queue, "e" in queue) == (("chat", "mail"), 4, True, False)
    assert [each.notice.id for each in queue.of("chat")] == ["d", "a", "b"]
    assert [each.notice.id for each in queue.of("nobody")] == []
    queue.pop("c")
    queue.pop("c")
    assert (queue.destinations(), len(queue)) == (("chat",), 3)


def test_what_is_looked_at_may_go_meanwhile() -> None:
    queue = Queue({id: pending(id) for id in "abcd"})
    found = []
    for each in queue.of("chat"):
        found.append(each.notice.id)
        queue.pop(each.notice.id)
        if each.notice.id == "a":
            queue.pop("b")
            queue.put(msgspec.structs.replace(pending("c"), attempts=1))
    assert (found, len(queue)) == (["a", "c", "d"], 0)


_STEP = st.tuples(st.booleans(), st.sampled_from("abcdef"), st.sampled_from([1.0, 2.0, 3.0]), st.sampled_from("xy"))


@given(st.lists(_STEP, max_size=40))
def test_it_is_what_a_dictionary_sorted_is(steps: list[tuple[bool, str, float, str]]) -> None:
    queue, model = Queue({}), dict[str, Pending]()
    for puts, id, created, destination in steps:
        if puts:
            model[id] = pending(id, created, destination)
            queue.put(model[id])
        else:
            model.pop(id, None)
            queue.pop(id)
    assert queue.destinations() == tuple(sorted({each.destination for each in model.values()}))
    for name in queue.destinations():
        wanted = [each for each in model.values() if each.destination == name]
        assert list(queue.of(name)) == sorted(wanted, key=lambda each: (each.created, each.notice.id))
