"""Clouds, clusters, infrastructure as code, and containers: what their command lines delete, open, give and read.

Must not be here: packages (`command.tools.packages`), what runs inside a container (the wrappers unpack it).
Sources: the command references of aws, gcloud, gsutil, bq, az, kubectl, terraform, pulumi, cdk, docker, podman,
doctl, heroku, fly, vercel.
"""

import re

from spawngate.command.hosts import is_address
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_AWS_ALL = re.compile(
    r"s3 rb\b.*--force|s3 rm\b.*--recursive|s3api delete-(?:bucket|objects)\b|rds"
    r" delete-db-(?:instance|cluster)|dynamodb delete-(?:table|backup)|cloudformation"
    r" delete-stack|eks delete-(?:cluster|nodegroup)|ecs delete-cluster|"
    r"kms schedule-key-deletion|kms disable-key\b|organizations (?:delete|close|remove)"
    r"|route53 delete-hosted-zone|efs delete-file-system|backup delete-|redshift"
    r" delete-cluster|es delete-|opensearch delete-domain|ecr delete-repository|"
    r"secretsmanager delete-secret|glacier delete-vault|ec2 delete-(?:vpc|volume|snapshot)"
    r"|elasticache delete|iam delete-(?:user|role|group)|s3 sync\b.*--delete"
)
_AWS_SECRET = re.compile(
    r"secretsmanager (?:get-secret-value|batch-get)|ssm"
    r" get-parameters?(?:-by-path)?\b.*--with-decryption|sts (?:get-session-token"
    r"|assume-role|get-federation)|ecr get-login-password|configure (?:get"
    r"|export-credentials)\b.*(?:secret|key|$)|"
    r"kms decrypt|rds generate-db-auth-token|codeartifact get-authorization-token|iam"
    r" get-credential-report|eks get-token|lambda get-function-configuration"
)


def aws(scene: Scene) -> None:
    found = scene.arguments(
        (
            "--profile",
            "--region",
            "--output",
            "--query",
            "--endpoint-url",
            "--ca-bundle",
            "--cli-input-json",
            "--exclude",
            "--include",
            "--acl",
            "--policy",
            "--policy-document",
            "--filters",
            "--instance-ids",
            "--bucket",
            "--key",
            "--body",
            "--parameters",
            "--document-name",
            "--targets",
            "--user-name",
            "--role-name",
            "--policy-arn",
            "--secret-id",
            "--name",
        )
    )
    rest = found.rest
    text = " ".join((*rest[:2], *[word for word in scene.words if word not in rest[:2]]))
    verb = rest[1] if len(rest) > 1 else ""
    if found.has("--endpoint-url"):
        scene.host(*found.values("--endpoint-url"))
    if found.has("--no-verify-ssl"):
        scene.act("tls-off")
    if found.has("--dryrun", "--dry-run", "help"):
        return
    if _AWS_ALL.search(text):
        scene.act("cloud-delete-all")
    elif re.match(
        r"(?:delete|terminate|remove|deregister|purge|rb$|rm$|mv$|detach|disassociate|release|revoke|stop)-?", verb
    ) and rest[:1] not in (("cloudtrail",), ("guardduty",), ("config",), ("logs",)):
        scene.act("cloud-delete" if not verb.startswith(("stop", "mv", "detach", "disassociate")) else "cloud-change")
    if re.search(
        r"cloudtrail (?:stop-logging|delete-trail|put-event-selectors)|guardduty (?:delete"
        r"|update-detector.*--no-enable|disassociate)|configservice (?:stop|delete)"
        r"|config(?:service)? (?:stop|delete)-|logs delete-log|securityhub disable"
        r"|accessanalyzer delete|ec2 delete-flow-logs",
        text,
    ):
        scene.act("cloud-audit-off")
    if re.search(
        r"--acl[= ]public|AllUsers|public-read|delete-public-access-block"
        r"|put-public-access-block.*false|0\.0\.0\.0/0|::/0|--publicly-accessible"
        r"|\"Principal\":\s*\"\*\"|'Principal':\s*'\*'|modify-(?:snapshot"
        r"|image)-attribute.*all|block-public-acls=false",
        text,
    ):
        scene.act("cloud-public")
    if re.search(
        r"iam (?:attach|put)-\w+-policy|iam (?:add-user-to-group|update-assume-role-policy"
        r"|create-policy-version|set-default-policy|add-role|pass)|lambda add-permission|s3api"
        r" put-bucket-policy|kms (?:put-key-policy|create-grant)|organizations (?:invite"
        r"|attach)|sso-admin create-account",
        text,
    ):
        scene.act("cloud-grant")
    if re.search(
        r"iam (?:create-access-key|create-login-profile|update-login-profile|create-user"
        r"|create-service-specific|upload-ssh|reset-service)|ec2 (?:create|import)-key-pair"
        r"|create-virtual-mfa",
        text,
    ):
        scene.act("cloud-key")
    if _AWS_SECRET.search(text):
        scene.act("cloud-secret")
        scene.outputs.add("secret")
    if re.search(
        r"ssm (?:send-command|start-session)|ecs execute-command|ec2-instance-connect|lambda"
        r" (?:invoke|update-function-code)|codebuild start-build|ec2 run-instances|ec2"
        r" modify-instance-attribute.*user-?data|emr add-steps|batch submit-job",
        text,
    ):
        scene.act("cloud-run")
    if rest[:1] == ("s3",) and verb in ("cp", "sync", "mv"):
        scene.act("cloud-copy-out")
        sources = [word for word in rest[2:] if not word.startswith("s3://")]
        if sources and rest[-1].startswith("s3://"):
            scene.read(*sources)
            scene.act("send", "send-file")
        elif rest[2:3] and rest[2].startswith("s3://") and not rest[-1].startswith("s3://"):
            scene.write(rest[-1])
            scene.act("download")
            scene.outputs.add("download")
    elif re.match(r"(?:create|put|update|modify|run|start|reboot|attach|enable|register|set|tag)", verb):
        scene.act("cloud-change")
    if verb in ("put-object", "upload-part"):
        scene.read(*found.values("--body"))
        scene.act("cloud-copy-out", "send-file")


def gcloud(scene: Scene) -> None:
    found = scene.arguments(
        (
            "--project",
            "--zone",
            "--region",
            "--format",
            "--filter",
            "--account",
            "--member",
            "--role",
            "--command",
            "--impersonate-service-account",
            "--iam-account",
        )
    )
    text = " ".join(scene.words)
    rest = " ".join(found.rest)
    if re.search(r"\bdelete\b|\bremove\b(?!-iam)|\bdestroy\b", rest) and scene.program == "gcloud":
        scene.act(
            "cloud-delete-all"
            if re.search(
                r"projects delete|sql instances delete|container clusters delete|storage (?:rm|buckets"
                r" delete)|kms|databases delete|folders delete|compute (?:disks|snapshots|networks)"
                r" delete|backups delete|secrets delete|artifacts repositories delete",
                rest,
            )
            else "cloud-delete"
        )
    if re.search(
        r"allUsers|allAuthenticatedUsers|0\.0\.0\.0/0|--allow-unauthenticated|--no-public-access-prevention", text
    ):
        scene.act("cloud-public")
    elif re.search(r"(?:add|set)-iam-policy|iam roles (?:create|update)|iam ch\b", rest):
        scene.act("cloud-grant")
    if re.search(
        r"keys create|service-accounts create|create-cred-config|hmac-keys create|os-login ssh-keys add", rest
    ):
        scene.act("cloud-key")
    if re.search(
        r"print-(?:access|identity)-token|secrets versions access|kms decrypt"
        r"|application-default print|config config-helper|get-server-config --secret",
        rest,
    ):
        scene.act("cloud-secret", "token-print")
        scene.outputs.add("secret")
    if re.search(
        r"logging (?:sinks|logs|buckets) delete|scc .*disable|services disable (?:logging|securitycenter)", rest
    ):
        scene.act("cloud-audit-off")
    if re.search(
        r"compute (?:ssh|scp)|functions (?:deploy|call)|run (?:deploy|jobs execute)|builds"
        r" submit|instances add-metadata.*startup",
        rest + " " + text,
    ):
        if re.search(r"compute (?:ssh|scp)", rest):
            scene.act("remote-shell")
        else:
            scene.act("cloud-run" if "deploy" not in rest and "submit" not in rest else "cloud-change")
        if "startup" in text:
            scene.act("cloud-run")
    if re.search(r"add-metadata", rest) and re.search(r"ssh-keys|startup-script", text):
        scene.act("cloud-grant")
    if scene.program == "gsutil" or found.rest[:1] == ("storage",):
        words = found.rest[1:] if scene.program == "gcloud" else found.rest
        verb, names = (words[0], words[1:]) if words else ("", ())
        if verb in ("cp", "rsync", "mv"):
            scene.act("cloud-copy-out")
            if names and names[-1].startswith(("gs://", "s3://")):
                scene.act("send", "send-file")
                scene.read(*(name for name in names[:-1] if "://" not in name))
            elif names:
                scene.write(names[-1])
        elif verb in ("rm", "rb"):
            scene.act("cloud-delete-all" if found.has("-r", "-R", "--recursive") or verb == "rb" else "cloud-delete")
        elif verb in ("iam", "acl", "defacl") and "cloud-public" not in scene.acts:
            scene.act("cloud-grant") if names[:1] in (("ch",), ("set",)) else None
    if scene.program == "bq" and re.search(r"\brm\b", rest):
        scene.act("cloud-delete-all" if found.has("-r", "-f") else "cloud-delete")
    if re.search(r"\b(?:create|update|deploy|set|patch|resize|start|stop|reset)\b", rest) and "config set" not in rest:
        scene.act("cloud-change")


def az(scene: Scene) -> None:
    found = scene.arguments(
        (
            "-n",
            "--name",
            "-g",
            "--resource-group",
            "-o",
            "--output",
            "--query",
            "--subscription",
            "--ids",
            "--scripts",
            "--command-id",
            "--role",
            "--assignee",
            "--vault-name",
            "--account-name",
            "-s",
            "-d",
            "-f",
        )
    )
    text, rest = " ".join(scene.words), " ".join(found.rest)
    if re.search(r"\b(?:delete|purge)\b", rest):
        scene.act(
            "cloud-delete-all"
            if re.search(
                r"group delete|sql (?:db|server) delete|storage (?:account|container) delete|keyvault"
                r" (?:delete|purge)|cosmosdb .*delete|aks delete|backup .*delete|acr delete|snapshot"
                r" delete|disk delete|delete-batch",
                rest,
            )
            else "cloud-delete"
        )
    if re.search(
        r"--public-access (?:blob|container)|--allow-blob-public-access true"
        r"|--source-address-prefixes '?(?:\*|0\.0\.0\.0/0|Internet)|--default-action Allow"
        r"|start-ip-address 0\.0\.0\.0",
        text,
    ):
        scene.act("cloud-public")
    if re.search(
        r"role assignment create|ad (?:app|sp|group member) .*(?:add|owner)|keyvault set-policy|ad group member add",
        rest,
    ):
        scene.act("cloud-grant")
    if re.search(
        r"ad (?:sp|app) (?:create|credential reset)|create-for-rbac|storage account keys renew"
        r"|ad user (?:create|update)",
        rest,
    ):
        scene.act("cloud-key")
    if re.search(
        r"get-access-token|keyvault (?:secret|key|certificate) (?:show|download|backup)|keys"
        r" list|acr (?:credential show|login.*--expose-token)|connection-string|list-keys"
        r"|generate-sas|publishing-credentials",
        rest + " " + text,
    ):
        scene.act("cloud-secret", "token-print")
        scene.outputs.add("secret")
    if re.search(r"run-command|vm extension set|container exec|webapp ssh|custom-script", rest):
        scene.act("cloud-run")
    if re.search(r"diagnostic-settings delete|security .*(?:delete|pricing.*Free)|monitor .*delete", rest):
        scene.act("cloud-audit-off")
    if re.search(r"storage (?:blob|file) (?:upload|copy|download|sync)", rest):
        scene.act("cloud-copy-out")
        scene.read(*found.values("-f", "-s", "--file", "--source"))
    if re.search(r"\b(?:create|update|set|start|stop|restart|deploy)\b", rest):
        scene.act("cloud-change")


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
        if verb != "get" or found.has("-o", "--output") or len(names) > 1:
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
        if any(is_address(value) for value in files):
            scene.act("cluster-apply-url", "download")
            scene.host(*(value for value in files if is_address(value)))
        elif "-" in files and scene.spawn.reads_from:
            scene.act("runs-input-manifest") if False else None
            scene.manager = "stdin"
    elif verb in ("exec", "attach", "debug"):
        scene.act("cluster-exec")
        if verb == "debug" and kind in ("node", "no"):
            scene.act("cluster-privileged")
    elif verb == "run":
        scene.act("cluster-apply")
        if re.search(r"(?i)\"privileged\"\s*:\s*true|hostPID|hostNetwork|hostPath", text):
            scene.act("cluster-privileged")
    elif verb == "cp":
        scene.act("cluster-exec", "remote-copy") if False else scene.act("cluster-exec")
        scene.read(*(name for name in names[:1] if ":" not in name))
    elif verb in ("port-forward", "proxy"):
        scene.act("port-forward")
        if re.search(r"--address[= ]0\.0\.0\.0", text):
            scene.act("listen-all")
    if verb == "auth" and names[:1] == ("can-i",):
        scene.act("list-accounts")


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


def other_cloud(scene: Scene) -> None:
    """doctl, heroku, flyctl, vercel, netlify, wrangler, railway, supabase, firebase and others of the shape `tool
    noun verb`."""
    found = scene.arguments(
        ("-a", "--app", "--org", "-t", "--token", "--project", "-p", "-c", "--config", "-e", "--env", "-m")
    )
    rest = re.sub(r":", " ", " ".join(found.rest))
    if re.search(r"\b(?:destroy|delete|remove|rm|purge|reset|drop)\b", rest):
        scene.act(
            "cloud-delete-all"
            if re.search(
                r"(?:apps?|project|database|db|postgres|pg|cluster|volumes?|r2|kv|d1|site|droplet|firestore)\b", rest
            )
            and not re.search(r"\b(?:env|domains?|alias|record)\b", rest)
            else "cloud-delete"
        )
    if re.search(
        r"auth (?:token|print)|login ci|login:ci|tokens? create|config(?: get)?$|env pull"
        r"|secrets? (?:list|get|reveal)|credentials url|api-keys",
        rest,
    ):
        scene.act("token-print" if "create" not in rest else "cloud-key")
        scene.outputs.add("secret")
    if re.search(r"\b(?:run|ssh|exec|console|bash)\b", rest) and scene.program in (
        "heroku",
        "fly",
        "flyctl",
        "railway",
    ):
        scene.act("remote-shell")
    if re.search(r"access add|collaborators|members? (?:add|invite)|keys add|tokens create", rest):
        scene.act("cloud-grant")
    if re.search(r"\b(?:deploy|publish|create|scale|promote|rollback|set|up|push)\b", rest) or (
        scene.program == "vercel" and not rest
    ):
        scene.act("cloud-change")


_ENGINE = word_set("""
    -v --volume --mount -e --env --env-file -p --publish --name -w --workdir -u --user --network --net --entrypoint -h
    --hostname -l --label -m
    --memory --cpus --restart --pid --ipc --uts --userns --cgroupns --cap-add --cap-drop --security-opt --device
    --gpus --platform --pull
    --add-host --dns --log-driver --log-opt --shm-size --ulimit --tmpfs --volumes-from --link --runtime --init-path
    --health-cmd -f --file -t --tag
    --build-arg --target --secret --ssh --cache-from -o --output --filter --format -H --host --context -c --config
    --project-name --profile
    --project-directory --stop-signal -a --attach --cidfile --group-add --ip --kernel-memory --expose --annotation
    --since --tail -n --password --username
    """)
_BROAD = frozenset({"root", "home", "system-top", "system", "system-config", "boot", "device", "proc", "kernel"})


def docker(scene: Scene) -> None:
    found = scene.arguments(_ENGINE)
    rest = found.rest
    verb, names = (rest[0], rest[1:]) if rest else ("", ())
    if verb in (
        "container",
        "image",
        "volume",
        "network",
        "system",
        "builder",
        "buildx",
        "compose",
        "context",
        "swarm",
        "pod",
        "machine",
        "plugin",
        "secret",
    ):
        group, verb, names = verb, names[0] if names else "", names[1:]
    else:
        group = ""
    if scene.program in ("docker-compose", "podman-compose"):
        group = "compose"
        verb, names = (rest[0], rest[1:]) if rest else ("", ())
    scene.subcommand = f"{group} {verb}".strip()
    if found.values("-H", "--host"):
        scene.host(
            *(value for value in found.values("-H", "--host") if "://" in value and not value.startswith("unix:"))
        )
    if verb in ("run", "create") and group in ("", "container", "pod"):
        scene.act("container-run")
        _container(scene, found.options)
    elif verb == "exec":
        scene.act("container-exec")
    elif verb == "prune" or (group == "system" and verb in ("prune", "reset")):
        scene.act(
            "container-delete-data"
            if (found.has("--volumes", "-a", "--all") and (found.has("--volumes") or group == "volume"))
            or group == "volume"
            or verb == "reset"
            else "container-prune"
        )
    elif group == "volume" and verb in ("rm", "remove"):
        scene.act("container-delete-data")
    elif (
        (group == "compose" and verb in ("down", "rm") and found.has("-v", "--volumes"))
        or (
            verb in ("rm", "rmi", "kill", "stop") and any(word.startswith(("$(", "`")) or word == "*" for word in names)
        )
        or (verb == "rm" and found.has("-v", "--volumes"))
    ):
        scene.act("container-prune")
    elif verb in ("login",):
        scene.act("container-login")
    elif verb == "push":
        scene.act("package-publish") if False else scene.act("cloud-change")
    elif verb == "cp" and names:
        scene.read(*(name for name in names[:1] if ":" not in name))
        scene.write(*(name for name in names[1:2] if ":" not in name))
    elif verb in ("build",) and is_address(names[-1] if names else ""):
        scene.act("download", "runs-download")
        scene.host(names[-1])
    elif verb in ("save", "export"):
        scene.write(*found.values("-o", "--output"))
    elif verb in ("load", "import"):
        scene.read(*names[:1])


def _container(scene: Scene, options: tuple[tuple[str, str], ...]) -> None:
    for name, value in options:
        if (name == "--privileged" and value.lower() not in ("false", "0")) or (
            name == "--cap-add"
            and re.search(
                r"(?i)ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|DAC_READ_SEARCH|SYS_RAWIO|BPF|SYS_BOOT|NET_ADMIN.*ALL", value
            )
        ):
            scene.act("container-privileged")
        elif (
            name == "--security-opt"
            and re.search(r"(?i)(?:seccomp|apparmor)[=:]unconfined|label[=:]disable|systempaths[=:]unconfined", value)
        ) or (name in ("--pid", "--ipc", "--uts", "--userns", "--cgroupns") and value == "host"):
            scene.act("container-host-namespace")
        elif (
            name == "--device"
            and "device" in scene.places(value.partition(":")[0])
            and not re.match(r"/dev/(?:dri|nvidia|kfd|video|snd|fuse|ttyUSB|ttyACM|kvm|net/tun|bus/usb)", value)
        ):
            scene.act("container-privileged")
        elif name in ("-v", "--volume", "--mount"):
            source = _source(name, value)
            if not source:
                continue
            places = scene.places(source)
            if "container-engine" in places:
                scene.act("container-engine-socket")
            elif places & _BROAD and not re.match(
                r"/(?:etc/(?:localtime|timezone|hosts|resolv\.conf|ssl(?:/certs)?|ca-certificates"
                r"|passwd|group)|usr/share/zoneinfo|lib/modules|dev/(?:shm|dri|null)|sys/fs/cgroup"
                r"|var/lib/docker-data|mnt|srv|opt)(?:/|$)",
                source,
            ):
                scene.act("container-host-mount")
            else:
                if places & {"credentials", "private-key", "cloud-credentials", "password-store"}:
                    scene.read(source)


def _source(name: str, value: str) -> str:
    if name == "--mount":
        parts = dict(part.split("=", 1) for part in value.split(",") if "=" in part)
        return parts.get("source") or parts.get("src") or "" if parts.get("type", "volume") == "bind" else ""
    match = re.match(r"([A-Za-z]:[\\/][^:]*|[^:]+):", value)
    source = match[1] if match else ""
    return source if source.startswith((".", "/", "~", "$", "%")) or re.match(r"[A-Za-z]:[\\/]", source) else ""


def lxc(scene: Scene) -> None:
    text = " ".join(scene.words)
    scene.arguments()
    if re.search(r"security\.privileged=true|source=/(?:\s|$)|raw\.lxc|security\.nesting=true.*privileged", text):
        scene.act("container-privileged")


READERS: dict[str, Reader] = readers(
    ("aws awslocal aws2", aws),
    ("gcloud gsutil bq", gcloud),
    ("az", az),
    ("kubectl oc k3s kubectl.exe k microk8s.kubectl", kubectl),
    ("terraform tofu terragrunt pulumi cdk sst cdktf serverless sam", terraform),
    (
        "doctl heroku fly flyctl vercel netlify wrangler railway supabase firebase render"
        " linode-cli hcloud scw ibmcloud oci aliyun eksctl",
        other_cloud,
    ),
    ("lxc incus lxd", lxc),
    ("docker podman nerdctl finch docker-compose podman-compose", docker),
)
