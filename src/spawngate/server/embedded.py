"""SHELL. The embedded server of `spawngate up`: a store in the state folder that follows the local trail.

Must not be here: the page (`app`), what is stored and how (`store`), delivery (`deliver`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from spawngate.endpoint.daemon.place import place
from spawngate.server.ingest import Follower, Ingest, Outbox
from spawngate.server.store.embedded import FOLDER, EmbeddedStore
from spawngate.server.store.port import StoreBusyError, StoreError


@contextmanager
def embedded(
    state: Path, endpoint: str, say: Callable[[str], None], outbox: Outbox = lambda entries: ()
) -> Iterator[EmbeddedStore | None]:
    """The store of a state folder while it follows that folder's trail; None where it cannot be written, which `say` is
    told: inventory and page do without it. `endpoint`: id of the installation."""
    try:
        store = EmbeddedStore(state / FOLDER)
    except StoreBusyError:
        say("another process follows the trail into the store; this one does not")
        yield None
        return
    except StoreError as error:
        say(f"the trail is not followed into the store: {error}")
        yield None
        return
    with store:
        follower = Follower(Ingest(place(state).trail, store, endpoint, outbox), store)
        follower.start()
        try:
            yield store
        finally:
            follower.stop()
