"""Clusters and infrastructure as code.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: command references of kubectl, terraform, pulumi, cdk, Argo CD, Flux, kops, istioctl, linkerd, Nomad,
Ceph, Talos, kubeadm, crictl.
"""

import re

from spawngate.command.hosts import is_address
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_KUBE = word_set(
    "-n --namespace --context --cluster --user --kubeconfig -l --selector -o --output -f"
    " --filename -c --container --token --server -s --as --as-group --grace-period"
    " --timeout -k --kustomize --image --overrides --field-selector --field-manager"
    " --replicas --patch -p --type --from-literal --from-file --clusterrole"
    " --serviceaccount --role --verb --resource --port --tail --since --sort-by"
    " --template -i --sub-path --certificate-authority"
) - {"-i", "-p"}


def kubectl(scene: Scene) -> None:
    found = scene.arguments(_KUBE)
    rest = found.rest
    verb, names = (rest[0], rest[1:]) if rest else ("", ())
    kind = names[0].partition("/")[0].lower().rstrip("s") if names else ""
    text = " ".join(scene.words)
    files = found.values("-f", "--filename", "-k", "--kustomize")
    if any(value.startswith(("client", "server")) for name, value in found.options if name == "--dry-run") or (
        found.has("--dry-run") and verb != "drain"
    ):
        return
    if verb == "delete":
        wide = kind in (
            "n",
            "ns",
            "namespace",
            "project",
            "node",
            "no",
            "pv",
            "persistentvolume",
            "pvc",
            "persistentvolumeclaim",
            "crd",
            "customresourcedefinition",
            "all",
            "cluster",
        ) or found.has("--all", "-A", "--all-namespaces")
        scene.act("cluster-delete-all" if wide else "cluster-delete")
        scene.target(*names)
    elif verb == "drain" or (verb == "scale" and found.has("--all") and "--replicas=0" in text):
        scene.act(
            "cluster-delete-all"
            if found.has("--force", "--delete-emptydir-data", "--delete-local-data", "--disable-eviction")
            or verb == "scale"
            else "cluster-apply"
        )
    elif (verb in ("get", "describe", "edit") and kind in ("secret", "sealedsecret", "externalsecret")) or (
        verb == "get"
        and any(part.split("/")[0] in ("secret", "secrets") for name in names[:1] for part in name.split(","))
    ):
        # A list of names tells no secret; `describe` prints the tokens of accounts.
        if verb != "get" or any(
            value not in ("wide", "name") for value in found.values("-o", "--output", "--template")
        ):
            scene.act("cluster-secret")
            scene.outputs.add("secret")
    elif (verb == "config" and names[:1] == ("view",) and found.has("--raw")) or (
        verb == "create" and kind in ("token",)
    ):
        scene.act("token-print")
        scene.outputs.add("secret")
    elif verb == "create" and kind in ("clusterrolebinding", "rolebinding", "clusterrole", "role", "serviceaccount"):
        much = re.search(r"(?:cluster-)?admin\b|\bedit\b|--verb=\*|escalate|impersonate", text)
        wide = kind in ("clusterrolebinding", "clusterrole") or much is not None
        scene.act("cluster-grant" if wide and kind != "serviceaccount" else "cluster-apply")
    elif verb in (
        "apply",
        "create",
        "replace",
        "patch",
        "set",
        "edit",
        "scale",
        "rollout",
        "label",
        "annotate",
        "autoscale",
        "expose",
        "taint",
        "cordon",
        "uncordon",
    ):
        if not (verb == "rollout" and names[:1] in (("status",), ("history",))):
            scene.act("cluster-apply")
        if (verb in ("patch", "create", "replace") and _LEAVES.search(text)) or any(
            map(PRIVILEGED.search, scene.texts)
        ):
            scene.act("cluster-privileged")
        if any(is_address(value) for value in files):
            scene.act("cluster-apply-url", "download")
            scene.host(*(value for value in files if is_address(value)))
        elif "-" in files and scene.spawn.reads_from:
            scene.act("runs-input-manifest") if False else None
            scene.manager = "stdin"
    elif verb in ("exec", "attach", "debug"):
        scene.act("cluster-exec")
        if (verb == "debug" and kind in ("node", "no")) or found.value("--profile") in ("sysadmin", "netadmin"):
            scene.act("cluster-privileged")
    elif verb == "run":
        scene.act("cluster-apply")
        if _LEAVES.search(text):
            scene.act("cluster-privileged")
    elif verb == "cp":
        scene.act("cluster-exec", "remote-copy") if False else scene.act("cluster-exec")
        scene.read(*(name.rpartition(":")[2] for name in names[:1]))
    elif verb in ("port-forward", "proxy"):
        scene.act("port-forward")
        if re.search(r"--address[= ](?:0\.0\.0\.0|\[?::\]?)(?:\s|$)", text):
            # The proxy asks nobody who they are, and speaks with the rights of whoever started it.
            scene.act("listen-all") if verb == "port-forward" else scene.act("listen-all", "cluster-grant")
    if verb == "auth" and names[:1] == ("can-i",):
        scene.act("list-accounts")


PRIVILEGED = re.compile(r"[\"']?privileged[\"']?\s*[:=]\s*true")
_LEAVES = re.compile(rf"(?i){PRIVILEGED.pattern}|hostPID|hostIPC|hostNetwork|hostPath")
"""What lets a pod out of its container."""
_DELETES = {
    "argocd": r"^(?:app|appset|proj|repo|cluster) (?:delete|rm|remove|terminate-op)\b",
    "flux": r"^(?:delete|uninstall)\b",
    "kops": r"^delete\b.*--yes\b",
    "istioctl": r"^(?:uninstall|x uninstall)\b",
    "linkerd": r"^uninstall\b",
    "rancher": r"\b(?:clusters?|projects?|namespaces?) (?:delete|rm)\b",
    "nomad": r"^(?:job (?:stop|purge)|stop|system gc|namespace delete|volume delete)\b",
    "ceph": r"\b(?:osd (?:destroy|purge|pool (?:delete|rm))|fs rm)\b",
    "talosctl": r"^(?:reset|shutdown)\b",
    "kubeadm": r"^reset\b",
    "crictl": r"^(?:rmi?|rmp|stopp)\b.*(?:-a\b|--all\b|-fa\b|-af\b)",
    "karmadactl": r"^(?:deinit|unjoin)\b",
}
"""Programs beside kubectl that take apart what runs on a cluster, and what they are told then."""


def other(scene: Scene) -> None:
    scene.arguments(("-n", "--namespace", "-c", "--context", "--kubeconfig", "--server", "-p", "--project"))
    told = re.sub(
        r"(?:^|\s)-{1,2}(?:address|namespace|context|server|region|token|state)[= ]\S+", "", " ".join(scene.words)
    )
    told = told.strip()
    if not re.search(_DELETES[scene.program], told) or re.search(r"--dry-run\b", told):
        return
    small = scene.program in ("crictl", "nomad", "argocd", "flux") and not re.search(
        r"\b(?:uninstall|proj|cluster|namespace|system|purge)\b|-purge|--all\b|-f?af?\b", told
    )
    scene.act("cluster-delete" if small else "cluster-delete-all")
    if scene.program in ("argocd", "flux") or (scene.program == "nomad" and lives(told)):
        scene.act("release-delete")


_LIVES = re.compile(r"(?i)(?<![a-z])(?:prod|production|prd|live)(?![a-z])")


def lives(text: str) -> bool:
    """Whether a name says that people depend on it."""
    return _LIVES.search(text) is not None


def terraform(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-var",
            "-var-file",
            "-target",
            "-state",
            "-out",
            "-lock-timeout",
            "-backend-config",
            "--stack",
            "-s",
            "--config",
            "-c",
            "--profile",
            "-i",
            "-e",
            "-l",
            "-u",
        ),
        long=False,
    )
    rest = found.rest
    verb = rest[0] if rest else ""
    text = " ".join(scene.words)
    scene.subcommand = " ".join(rest[:2])
    unasked = (
        re.search(
            r"-auto-approve|--?yes\b|(?:^|\s)-y\b|--force\b|--require-approval[= ]never"
            r"|--non-interactive|--terragrunt-non-interactive|--skip-preview",
            text,
        )
        is not None
    )
    if (
        verb in ("destroy", "destroy-all", "nuke", "remove")
        or (verb == "apply" and re.search(r"(?:^|\s)-destroy\b", text))
        or text.startswith(("run-all destroy", "stack rm"))
        or (verb == "down" and scene.program in ("pulumi", "sst"))
    ):
        scene.act("infrastructure-destroy")
    elif verb in ("apply", "up", "deploy", "update", "refresh", "import") or rest[:2] in (("run-all", "apply"),):
        scene.act("infrastructure-apply")
        if unasked:
            scene.act("infrastructure-unasked")
    elif verb in ("state", "taint", "untaint", "force-unlock", "workspace", "stack") and (
        verb in ("taint", "force-unlock")
        or re.match(
            r"(?:state (?:rm|mv|push|replace-provider)|workspace delete|state delete|stack (?:rm|import))",
            " ".join(rest[:2]),
        )
    ):
        scene.act("infrastructure-state")
    elif (
        rest[:2] == ("state", "pull")
        or (verb == "output" and re.search(r"-json|-raw", text))
        or re.search(r"--show-secrets", text)
    ):
        scene.act("token-print") if "state pull" in text or "--show-secrets" in text else None
    elif verb == "console":
        pass
    if verb == "providers" and rest[1:2] == ("lock",):
        pass


READERS: dict[str, Reader] = readers(
    ("kubectl oc k3s kubectl.exe k microk8s.kubectl", kubectl),
    (" ".join(_DELETES), other),
    ("terraform tofu terragrunt pulumi cdk sst cdktf serverless sam", terraform),
)
