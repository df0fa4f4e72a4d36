"""The hook client under test: every test that takes `place` runs with each form of it.

`native` is the one that this checkout was built with, `native with a C library` the one that other systems get, and
`python` the one for machines without a compiler.
"""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from spawngate.endpoint.client import place as client_place
from spawngate.endpoint.client.place import install_client
from spawngate.endpoint.client.settings import write_settings
from tests.native.harness import Place, configuration

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def hatch_build() -> ModuleType:
    """The build hook as a module."""
    found = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def with_library(hatch_build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The native client with a C library; None where there is no compiler."""
    root = tmp_path_factory.mktemp("with-library")
    shutil.copytree(ROOT / "native", root / "native")
    made: list[Path] = hatch_build.build(root, links=hatch_build.LINKS[1:])
    return made[0] if made else None


@pytest.fixture(params=["native", "native with a C library", "python"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, with_library: Path | None, monkeypatch: pytest.MonkeyPatch
) -> Place:
    """A client in a state folder of its own, configured, without a daemon."""
    if request.param == "native with a C library":
        monkeypatch.setattr(client_place, "packaged_native", lambda: with_library)
    if request.param != "python" and client_place.packaged_native() is None:
        pytest.skip("built without a C compiler")
    state = tmp_path / "state"
    client = install_client(state, "python" if request.param == "python" else "native")
    conf = configuration(state)
    write_settings(state, conf)
    return Place(client, state, conf)
