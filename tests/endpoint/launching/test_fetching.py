"""Where a person's package managers fetch from."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.endpoint.launching.confining import own_upstream
from spawngate.endpoint.launching.fetching import configured
from spawngate.endpoint.launching.known import Entry
from spawngate.endpoint.launching.requests import Start
from spawngate.launch.registries import Configured
from tests.endpoint.launching.offices import Office


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_nothing_is_said(tmp_path: Path) -> None:
    assert configured(str(tmp_path), "", {"PIP_CONFIG_FILE": "/dev/null"}) == (Configured(), {})


def test_npm(tmp_path: Path) -> None:
    put(
        tmp_path / ".npmrc",
        "; registry=https://no.example/\nregistry = https://ann:secret@nexus.corp/npm/\n"
        "@org:registry=https://npm.org.example\n//nexus.corp/:_authToken=secret\n",
    )
    found, variables = configured(str(tmp_path), "", {})
    assert found.replaced == {"npm": ("https://ann:secret@nexus.corp/npm/",)}
    assert found.added == {"npm": ("https://npm.org.example",)}
    assert variables == {"npm_config_registry": "https://nexus.corp/npm/"}
    # What its own variables say stays; the working folder's file counts first.
    assert configured(str(tmp_path), "", {"NPM_CONFIG_REGISTRY": "https://other.example"})[1] == {}
    put(tmp_path / "work" / ".npmrc", "registry=http://localhost:4873\n")
    assert configured(str(tmp_path), str(tmp_path / "work"), {})[1] == {"npm_config_registry": "http://localhost:4873"}


def test_python(tmp_path: Path) -> None:
    put(
        tmp_path / ".config" / "pip" / "pip.conf",
        "[global]\nindex-url = https://pypi.corp/simple\n"
        "extra-index-url =\n    https://a.example/s\n    https://b.example/s\n",
    )
    found, variables = configured(str(tmp_path), "", {})
    assert found.replaced == {"pypi": ("https://pypi.corp/simple",)}
    assert found.added == {"pypi": ("https://a.example/s", "https://b.example/s")}
    assert variables == {
        "UV_DEFAULT_INDEX": "https://pypi.corp/simple",
        "PIP_INDEX_URL": "https://pypi.corp/simple",
        "UV_INDEX": "https://a.example/s https://b.example/s",
        "PIP_EXTRA_INDEX_URL": "https://a.example/s https://b.example/s",
    }


def test_uv_yarn_and_bun(tmp_path: Path) -> None:
    put(
        tmp_path / ".config" / "uv" / "uv.toml",
        '[[index]]\nname = "x"\nurl = "https://x.example/simple"\n'
        '[[index]]\nurl = "https://d.example/s"\ndefault = true\n',
    )
    put(tmp_path / ".yarnrc.yml", 'npmRegistryServer: "https://yarn.example"\n')
    put(tmp_path / ".bunfig.toml", '[install]\nregistry = { url = "https://bun.example", token = "secret" }\n')
    found, _ = configured(str(tmp_path), "", {})
    assert found.replaced == {
        "yarn": ("https://yarn.example",),
        "npm": ("https://bun.example",),
        "pypi": ("https://d.example/s",),
    }
    assert found.added == {"pypi": ("https://x.example/simple",)}


def test_a_file_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    put(tmp_path / ".config" / "uv" / "uv.toml", "[[[")
    (tmp_path / ".npmrc").mkdir()
    assert configured(str(tmp_path), "relative", {"UV_CONFIG_FILE": "relative"}) == (Configured(), {})


@settings(max_examples=60)
@given(text=st.text(max_size=200))
def test_any_text(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in (".npmrc", ".config/pip/pip.conf", ".config/uv/uv.toml", ".yarnrc.yml", ".bunfig.toml"):
            put(home / name, text.encode("utf-8", "replace").decode())
        found, variables = configured(folder, "", {})
        assert all("://" in each for kind in found.replaced.values() for each in kind)
        assert all("@" not in each.partition("://")[2].partition("/")[0] for each in variables.values())


def test_a_probe_is_told(office: Office) -> None:
    put(office.home / ".npmrc", "registry=https://ann:secret@nexus.corp/npm/\n")
    probe = office.start()["probe"]
    assert (probe["hosts"], probe["upstream"], probe["env"]) == (
        ["nexus.corp+private"],
        True,
        {"npm_config_registry": "https://nexus.corp/npm/"},
    )


def test_a_proxy_that_the_entry_sets_is_not_used(office: Office) -> None:
    proxy = {"HTTPS_PROXY": "http://proxy.corp:3128"}
    asked = Start("npx", id="e1", args=("-y", "x@1.0.0"), env={"PATH": str(office.bin), **proxy})
    assert own_upstream(office.launches._look(asked)) is True
    office.launches.records.keep_entries([Entry("e1", "cursor", "files", env_names=("HTTPS_PROXY",))])
    assert own_upstream(office.launches._look(asked)) is False
