"""The synthetic fleet as the parts of a server, in a temporary folder that is gone afterwards.

Must not be here: what it is made of (`fill`, `work`), HTTP.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from spawngate.server.deliver.secrets import sealer
from spawngate.server.deliver.service import delivering
from spawngate.server.demo.fill import fill
from spawngate.server.demo.live import Live
from spawngate.server.demo.work import work
from spawngate.server.demo.world import SIZE, machines
from spawngate.server.fleet.database import open_fleet
from spawngate.server.services import Services
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import FOLDER


@contextmanager
def synthetic(environment: Mapping[str, str], say: Callable[[str], None], size: int = SIZE) -> Iterator[Services]:
    """The parts over a filled fleet that goes on living. Raises StoreError."""
    with ExitStack() as stack:
        outside = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spawngate-demo-siem-")))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spawngate-demo-"))) / FOLDER
        store = stack.enter_context(EmbeddedStore(folder))
        database = stack.enter_context(open_fleet(folder))
        now = datetime.fromisoformat(store.now())
        fill(store, database, now, size=size)
        work(store, database, outside, now, environment)
        store.upkeep()
        services = Services(
            database=database,
            events=store.events,
            control=store.control,
            record=store.own.record,
            now=store.now,
            signer=store.signer,
            outbox=stack.enter_context(delivering(store, environment, say)),
            seals=sealer(folder, environment),
            inside=None,
            local=True,
            synthetic=True,
        )
        live = Live(services, machines(size))
        live.start()
        stack.callback(live.stop)
        yield services
