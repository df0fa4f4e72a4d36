"""The Containerfile, the compose file and the chart: what they name exists, and a server that is set up so answers."""

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from spawngate import __version__
from spawngate.server.access.roles import Permission
from spawngate.server.settings import PORT, VARIABLES, load
from tests.server.postgres import _free_port

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "chart"
FURTHER = {"SPAWNGATE_STATE_DIR", "SPAWNGATE_SERVER_CONFIG", "SPAWNGATE_STORE_KEY", "SPAWNGATE_SECRETS_KEY"}
"""Variables that are no settings: each is read in one place, which the test below looks for."""
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
HELM = os.environ.get("SPAWNGATE_HELM") or shutil.which("helm")
EVERYTHING = {
    "oidc": {"issuer": "https://id.example.org", "clientId": "spawngate"},
    "secret": {"oidcClientSecret": "oidc"},
    "server": {"config": "[server]\npublic_registry = true\n", "internalDestinations": ["10.1.0.0/16", "jira.corp"]},
    "ingress": {"enabled": True, "className": "nginx", "annotations": {"a/b": "c"}},
    "image": {"digest": "sha256:" + "0" * 64, "pullSecrets": [{"name": "registry"}]},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "k", "operator": "Exists"}],
    "podAnnotations": {"example.org/a": "b"},
}
"""Values that take every branch of the templates."""


def rendered(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The documents that `helm template` makes of the chart."""
    assert HELM
    done = subprocess.run(
        [HELM, "template", "gate", os.fspath(CHART), "--kube-version", "1.31.0", "--values", "-"],
        input=json.dumps(values),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def templates() -> str:
    return "\n".join(path.read_text() for path in sorted((CHART / "templates").glob("*.yaml")))


def variables(text: str) -> set[str]:
    return set(re.findall(r"\bSPAWNGATE_[A-Z_]*[A-Z]\b", text)) - {"SPAWNGATE_IMAGE", "SPAWNGATE_BASE"}


@pytest.mark.parametrize("text", [CONTAINERFILE, (DEPLOY / "compose.yaml").read_text(), templates()])
def test_every_variable_exists(text: str) -> None:
    assert variables(text) <= {*VARIABLES, *FURTHER}
    assert variables(text)


def test_variables_that_are_no_settings_are_read_somewhere() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "src/spawngate").rglob("*.py"))
    for name in FURTHER:
        assert f'"{name}"' in sources, name


def test_the_chart_leaves_no_needed_setting_out() -> None:
    """What servers that share one database need stands in it, and the release is this one."""
    shared = {"SPAWNGATE_SERVER_DATABASE", "SPAWNGATE_SERVER_STORE", "SPAWNGATE_STORE_KEY", "SPAWNGATE_SECRETS_KEY"}
    assert shared <= variables(templates())
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert (chart["appVersion"], chart["version"]) == (__version__, __version__)


def test_templates_name_values_that_there_are() -> None:
    """Every `.Values.a.b` stands in values.yaml, and every value is used: none is a switch without a wire."""
    used = set(re.findall(r"\.Values((?:\.[A-Za-z]+)+)", templates()))

    def leaves(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and value and not at.endswith((".resources", ".requests", ".limits")):
            for key, each in value.items():
                yield from leaves(each, f"{at}.{key}")
        else:
            yield at

    there = set(leaves(VALUES, ""))
    assert used == there


def test_the_containerfile_says_what_the_command_line_has() -> None:
    lines = [line for line in CONTAINERFILE.splitlines() if line and not line.startswith("#")]
    instructions = dict(
        line.split(" ", 1) for line in lines if re.match(r"(ENTRYPOINT|CMD|EXPOSE|USER|STOPSIGNAL) ", line)
    )
    assert json.loads(instructions["ENTRYPOINT"]) == ["spawngate"]
    command = [sys.executable, "-m", "spawngate", *json.loads(instructions["CMD"]), "--help"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert instructions["EXPOSE"] == str(PORT)
    user, _, group = instructions["USER"].partition(":")
    assert (user.isdigit(), int(user) > 0, group) == (True, True, user)
    assert f"--uid {user}" in CONTAINERFILE
    assert "/healthz" in CONTAINERFILE
    for path in re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.MULTILINE):
        for each in path.split():
            assert (ROOT / each).exists(), each
    assert "USER" not in CONTAINERFILE.split("AS build")[0], (
        "what is built may be root's; what is run is the last stage"
    )
    assert CONTAINERFILE.rindex("\nUSER ") < CONTAINERFILE.rindex("\nENTRYPOINT ")


def test_the_health_check_of_the_image_speaks_to_a_server(served: int) -> None:
    found = re.search(r'CMD (\["python", "-c", .*\])', CONTAINERFILE)
    assert found is not None
    command = json.loads(found[1])
    for port, expected in ((served, 0), (_free_port(), 1)):
        environment = {**os.environ, "SPAWNGATE_SERVER_PORT": str(port)}
        done = subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True, check=False)
        assert done.returncode == expected


def test_the_lock_of_the_image_has_all_that_is_needed() -> None:
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements/server.lock").read_text(), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *itertools.chain(*(project["optional-dependencies"][e] for e in ("postgres", "clickhouse"))),
    ]
    assert {re.split(r"[\[>=<~! ]", each)[0] for each in wanted} <= locked


def test_what_builds_the_image_is_locked_too() -> None:
    """By the same versions and hashes as the environment in which everything is tested."""
    lines = {name: set(_locked(name)) for name in ("build", "dev")}
    assert {each.partition("==")[0] for each in _locked("build")} >= {"hatchling", "packaging", "pathspec", "pluggy"}
    assert lines["build"] <= lines["dev"]
    text = (ROOT / "deploy/Containerfile").read_text()
    installs = [line for line in text.splitlines() if " pip install " in line.replace("/pip", " pip")]
    assert all("--require-hashes" in line or "--no-index" in line for line in installs), installs
    assert "--no-build-isolation" in text


def _locked(name: str) -> list[str]:
    """The lines of a lock that say what is installed: versions, and their hashes."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text().replace("\\\n    ", " ")
    return [line for line in text.splitlines() if "==" in line]


def test_the_compose_file_is_whole() -> None:
    server, database = COMPOSE["services"]["server"], COMPOSE["services"]["database"]
    assert (ROOT / "deploy" / server["build"]["context"] / server["build"]["dockerfile"]).is_file()
    assert server["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert (server["read_only"], server["cap_drop"]) == (True, ["ALL"])
    for service in (server, database):
        assert set(service["secrets"]) <= set(COMPOSE["secrets"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        assert {each.partition(":")[0] for each in service["volumes"]} <= set(COMPOSE["volumes"])
    assert {each["source"] for each in server["configs"]} <= set(COMPOSE["configs"])
    subnet = COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert server["environment"]["SPAWNGATE_SERVER_TRUSTED_PROXIES"] == subnet


def test_the_settings_of_the_compose_file_are_understood(tmp_path: Path) -> None:
    for name in ("database", "store"):
        (tmp_path / name).write_text(f"postgresql://spawngate@database/{name}\n")
    text = COMPOSE["configs"]["server"]["content"].replace("/run/secrets/", f"{tmp_path}/")
    (tmp_path / "server.toml").write_text(text)
    environment = {**COMPOSE["services"]["server"]["environment"], "SPAWNGATE_SERVER_BASE": "https://gate.example.org"}
    settings = load(tmp_path / "server.toml", {**environment, "SPAWNGATE_SERVER_HOST": "0.0.0.0"})
    assert settings.database.url == "postgresql://spawngate@database/database"
    assert settings.events.store == "postgresql://spawngate@database/store"
    assert settings.server.drain == 5.0


@pytest.mark.skipif(not HELM, reason="helm is not installed (SPAWNGATE_HELM names one)")
@pytest.mark.parametrize("missing", [{"server": {"base": ""}}, {"server": {"trustedProxies": []}}])
def test_the_chart_refuses_what_no_server_would_start_with(missing: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="is needed: "):
        rendered(missing)


@pytest.mark.skipif(not HELM, reason="helm is not installed (SPAWNGATE_HELM names one)")
@pytest.mark.parametrize("values", [{}, EVERYTHING])
def test_the_chart_makes_manifests_that_fit_each_other(values: dict[str, Any], tmp_path: Path) -> None:
    documents = rendered(values)
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for each in documents:
        by_kind.setdefault(each["kind"], []).append(each)
    expected = {"ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"}
    assert set(by_kind) == expected | ({"Ingress"} if values else set())
    (deployment,), (service,) = by_kind["Deployment"], by_kind["Service"]
    pod = deployment["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    labels = pod["metadata"]["labels"].items()
    assert deployment["spec"]["replicas"] == 3
    for selector in (
        deployment["spec"]["selector"]["matchLabels"],
        service["spec"]["selector"],
        by_kind["NetworkPolicy"][0]["spec"]["podSelector"]["matchLabels"],
        by_kind["PodDisruptionBudget"][0]["spec"]["selector"]["matchLabels"],
    ):
        assert selector.items() <= labels
    (port,) = container["ports"]
    assert (port["name"], port["containerPort"]) == ("http", PORT)
    assert service["spec"]["ports"][0]["targetPort"] == port["name"]
    paths = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert (pod["spec"]["securityContext"]["runAsNonRoot"], pod["spec"]["automountServiceAccountToken"]) == (
        True,
        False,
    )
    assert pod["spec"]["serviceAccountName"] == by_kind["ServiceAccount"][0]["metadata"]["name"]
    volumes = {each["name"] for each in pod["spec"]["volumes"]}
    assert {each["name"] for each in container["volumeMounts"]} == volumes
    configured = {each["metadata"]["name"]: each["data"] for each in by_kind["ConfigMap"]}
    environment = dict(configured["gate"])
    named = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in container["env"]}
    assert {each["name"] for each in named.values()} == {"spawngate"}
    settings = load(
        written(tmp_path, configured["gate-file"]["server.toml"]) if values else None,
        {**environment, **dict.fromkeys(named, "postgresql://x/y")},
    )
    assert settings.server.drain < pod["spec"]["terminationGracePeriodSeconds"] - 15
    assert (settings.server.port, settings.base) == (PORT, "https://spawngate.example.org")
    if values:
        assert settings.server.internal_destinations == ("10.1.0.0/16", "jira.corp")
        assert (settings.oidc.issuer, settings.oidc.client_secret) == ("https://id.example.org", "postgresql://x/y")
        assert settings.server.public_registry
        assert container["image"].endswith("@sha256:" + "0" * 64)
        assert by_kind["Ingress"][0]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"] == {
            "name": service["metadata"]["name"], "port": {"name": "http"},
        }  # fmt: skip
    else:
        assert container["image"] == f"registry.example.org/spawngate:{__version__}"


def written(folder: Path, text: str) -> Path:
    path = folder / "server.toml"
    path.write_text(text)
    return path


def test_templates_are_balanced() -> None:
    """What can be said without helm: blocks end, and what is included is defined."""
    helpers = (CHART / "templates/_helpers.tpl").read_text()
    defined = set(re.findall(r'define "([^"]+)"', helpers))
    for path in [*sorted((CHART / "templates").glob("*.yaml")), CHART / "templates/_helpers.tpl"]:
        text = path.read_text()
        actions = re.findall(r"\{\{-?\s*(\w+)", text)
        opened = sum(actions.count(word) for word in ("if", "with", "range", "define"))
        assert opened == actions.count("end"), path.name
        assert text.count("{{") == text.count("}}"), path.name
        assert set(re.findall(r'include "([^"]+)"', text)) <= defined, path.name
        for line in text.splitlines():
            assert not line.startswith("\t"), path.name


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server as the image starts it, with the variables of the chart, over files: its port."""
    folder = tmp_path_factory.mktemp("image")
    port = _free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "SPAWNGATE_STATE_DIR": os.fspath(folder / "state"),
        "SPAWNGATE_SERVER_FOLDER": os.fspath(folder / "state"),
        "SPAWNGATE_SERVER_HOST": "127.0.0.1",
        "SPAWNGATE_SERVER_PORT": str(port),
        "SPAWNGATE_SERVER_BASE": VALUES["server"]["base"],
        "SPAWNGATE_SERVER_TRUSTED_PROXIES": ",".join(VALUES["server"]["trustedProxies"]),
        "SPAWNGATE_SERVER_INTERNAL_DESTINATIONS": ",".join(VALUES["server"]["internalDestinations"]),
        "SPAWNGATE_SERVER_DRAIN": "0",
        "SPAWNGATE_SERVER_LOG_LEVEL": VALUES["server"]["logLevel"],
    }
    command = [sys.executable, "-m", "spawngate", "server", "run"]
    with (
        (folder / "out").open("wb") as out,
        subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process,
    ):
        try:
            until = time.monotonic() + 60
            while True:
                try:
                    httpx2.get(f"http://127.0.0.1:{port}/healthz").raise_for_status()
                    break
                except httpx2.HTTPError:
                    assert process.poll() is None, (folder / "out").read_text()
                    assert time.monotonic() < until
                    time.sleep(0.1)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def test_probes_are_answered_as_a_cluster_asks_them(served: int) -> None:
    """By the pod's address, over plain HTTP, without any header of a proxy's, under another name than the server's."""
    for path in ("/healthz", "/readyz"):
        answer = httpx2.get(
            f"http://127.0.0.1:{served}{path}", headers={"host": "10.42.0.17:7338", "user-agent": "kube-probe/1.31"}
        )
        assert (answer.status_code, answer.json()["status"]) == (200, "ok"), path
    assert httpx2.get(f"http://127.0.0.1:{served}/metrics").status_code == 401
    assert Permission.METRICS_READ.value == "metrics:read"


def test_the_manual_says_that_nothing_was_built() -> None:
    page = (ROOT / "docs/deploy.md").read_text()
    assert "None of them was built or run by us" in page
    assert "Not built by us" in CONTAINERFILE
    assert "Not run by us" in (DEPLOY / "compose.yaml").read_text()
