"""The hook client under test: every test that takes `place` runs with the native one and with the one in Python."""

from pathlib import Path

import pytest

from spawngate.endpoint.client.place import install_client, packaged_native
from spawngate.endpoint.client.settings import write_settings
from tests.native.harness import Place, configuration


@pytest.fixture(params=["native", "python"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A client in a state folder of its own, configured, without a daemon."""
    if request.param == "native" and packaged_native() is None:
        pytest.skip("built without a C compiler")
    state = tmp_path / "state"
    client = install_client(state, request.param)
    conf = configuration(state)
    write_settings(state, conf)
    return Place(client, state, conf)
