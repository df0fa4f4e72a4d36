"""SHELL. The embedded server of `spawngate up`: a store in the state folder that follows the local trail, and delivers.

Must not be here: the page (`app`), what is stored and how (`store`), delivery (`deliver`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from spawngate.endpoint.daemon.place import place
from spawngate.server.deliver.service import delivering
from spawngate.server.ingest import Follower, Ingest
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import FOLDER, StoreBusyError, StoreError


@contextmanager
def embedded(
    state: Path, endpoint: str, environment: Mapping[str, str], say: Callable[[str], None]
) -> Iterator[EmbeddedStore | None]:
    """The store of a state folder while it follows that folder's trail; None where it cannot be written, which `say` is
    told: inventory and page do without it. `endpoint`: id of the installation; `environment`: for keys and proxies."""
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
    with store, delivering(store, environment, say) as outbox:
        follower = Follower(Ingest(place(state).trail, store, endpoint, outbox), store)
        follower.start()
        try:
            yield store
        finally:
            follower.stop()
