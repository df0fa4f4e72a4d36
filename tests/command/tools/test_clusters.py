"""What programs of `command.tools.clusters` do, by their arguments."""

import pytest

from spawngate.command.tools.clusters import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("argocd app delete shop", ("cluster-delete", "release-delete")),
    ("oc delete project shop", ("cluster-delete-all",)),
    ("kubectl get secret db", ()),
    ("kubectl get secret db -o yaml", ("cluster-secret",)),
    ("nomad job stop -purge shop-prod", ("cluster-delete-all", "release-delete")),
    ("kubectl get pods", ()),
    ("kubectl delete pod x", ("cluster-delete",)),
    ("kubectl delete ns x", ("cluster-delete-all",)),
    ("kubectl delete pods --all", ("cluster-delete-all",)),
    ("kubectl get secret a -o yaml", ("cluster-secret",)),
    ("kubectl apply -f a.yaml", ("cluster-apply",)),
    ("kubectl apply -f https://x.example.net/a.yaml", ("cluster-apply", "cluster-apply-url", "download")),
    ("kubectl delete pod x --dry-run=client", ()),
    ("kubectl create clusterrolebinding a --clusterrole cluster-admin", ("cluster-grant",)),
    ("kubectl config view --raw", ("token-print",)),
    ("kubectl exec p -- true", ("cluster-exec",)),
    ("kubectl port-forward p 80", ("port-forward",)),
    ("terraform plan", ()),
    ("terraform apply", ("infrastructure-apply",)),
    ("terraform apply -auto-approve", ("infrastructure-apply", "infrastructure-unasked")),
    ("terraform destroy", ("infrastructure-destroy",)),
    ("terraform state rm a", ("infrastructure-state",)),
    ("pulumi up --yes", ("infrastructure-apply", "infrastructure-unasked")),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
