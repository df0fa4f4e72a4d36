"""Clouds, by their own command lines: what is deleted, opened, given and read.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: command references of aws, gcloud, gsutil, bq, az, doctl, heroku, fly, vercel.
"""

import re
from collections.abc import Mapping, Sequence

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers

_AWS_ALL = re.compile(
    r"s3 rb\b.*--force|s3 rm\b.*--recursive|s3api delete-(?:bucket|objects)\b|rds"
    r" delete-db-(?:instance|cluster)|dynamodb delete-(?:table|backup)|cloudformation"
    r" delete-stack|eks delete-(?:cluster|nodegroup)|ecs delete-cluster|"
    r"kms schedule-key-deletion|kms disable-key\b|organizations (?:delete|close|remove)"
    r"|route53 delete-hosted-zone|efs delete-file-system|backup delete-|redshift"
    r" delete-cluster|es delete-|opensearch delete-domain|ecr delete-repository|"
    r"secretsmanager delete-secret|glacier delete-vault|ec2 delete-(?:vpc|volume|snapshot)"
    r"|elasticache delete|iam delete-(?:user|role|group)"
)


def _built(scene: Scene, folder: str) -> bool:
    """Whether a folder of the project is published: what is not in it any more goes there too, as on every site."""
    places = scene.places(folder)
    return (
        "project" in places
        and places.isdisjoint({"project-root", "temporary", "parent"})
        and re.search(r"(?i)empty|blank|null|void|none", folder) is None
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
    scene.read(*(word.partition("://")[2] for word in scene.words if word.startswith(("file://", "fileb://"))))
    if found.has("--no-verify-ssl"):
        scene.act("tls-off")
    if found.has("--dryrun", "--dry-run", "help"):
        return
    if _AWS_ALL.search(text) or re.match(r"organizations (?:leave|close-account|remove-account|delete)\b", text):
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
        r"|attach)|sso-admin create-account"
        r"|ec2 modify-(?:snapshot|image)-attribute\b.*(?:\badd\b|[\"']?Add[\"']?=)"
        r"|rds modify-db-\S*snapshot-attribute\b.*--values-to-add"
        r"|ram (?:create-resource-share|associate-resource-share|enable-sharing)|ecr set-repository-policy"
        r"|secretsmanager put-resource-policy|(?:sqs|sns) add-permission|glacier set-vault-access-policy",
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
        r"ssm (?:send-command|start-session|create-association)|scheduler create-schedule|configure set (?:\S+\.)?"
        r"(?:credential_process|plugins\.|cli_pager)|ecs execute-command|ec2-instance-connect|lambda"
        r" (?:invoke|update-function-code)|codebuild start-build|ec2 run-instances|ec2"
        r" modify-instance-attribute.*user-?data|emr add-steps|batch submit-job",
        text,
    ):
        scene.act("cloud-run")
    if rest[:2] == ("s3", "sync") and found.has("--delete") and not _built(scene, rest[2] if len(rest) > 2 else ""):
        scene.act("cloud-delete-all")
    if rest[:1] == ("s3",) and verb in ("cp", "sync", "mv"):
        scene.act("cloud-copy-out")
        between(scene, rest[2:])
        if rest[-1] == "-":
            scene.outputs.add("database")
        sources = [word for word in rest[2:] if not word.startswith("s3://")]
        if sources and rest[-1].startswith("s3://"):
            scene.read(*sources)
            scene.act("send", "send-file")
        elif rest[2:3] and rest[2].startswith("s3://") and not rest[-1].startswith("s3://"):
            scene.write(rest[-1])
            scene.act("download")
            scene.outputs.add("download")
    elif re.match(r"(?:create|put|update|modify|run|start|reboot|attach|enable|register|set|tag|change)", verb):
        scene.act("cloud-change")
    if rest[:1] in (("route53",), ("route53domains",)) and re.match(
        r"(?:change-resource|delete-hosted|update-domain-nameservers|transfer-domain|associate-vpc|disassociate)", verb
    ):
        scene.act("dns-change")
    if verb in ("put-object", "upload-part"):
        scene.read(*found.values("--body"))
        scene.act("cloud-copy-out", "send-file")


_NAME_PARTS = re.compile(r"[a-z]{3,}|[a-z0-9]{4,}")


def between(scene: Scene, names: Sequence[str]) -> None:
    """A copy from one store to another: stores of one owner have something of their names in common."""
    stores = [re.sub(r"^[a-z0-9]+://", "", name).partition("/")[0] for name in names if "://" in name]
    if all(re.match(r"https?://", name) for name in names if "://" in name):
        stores = [name.partition(".")[0] for name in stores]  # the account; the rest is the vendor's
    if len(stores) < 2 or any(word in stores[-1] for word in "$`{"):
        return
    parts = [set(_NAME_PARTS.findall(name.lower())) for name in (stores[0], stores[-1])]
    if not parts[0] & parts[1]:
        scene.act("cloud-copy-between")


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
        r"compute (?:ssh|scp)|scheduler jobs create|functions (?:deploy|call)|run (?:deploy|jobs execute)|builds"
        r" submit|instances add-metadata.*startup",
        rest + " " + text,
    ):
        if re.search(r"compute (?:ssh|scp)", rest):
            scene.act("remote-shell")
            if " scp" in f" {rest}":
                scene.act("remote-copy")
                scene.read(*(word for word in found.rest[2:-1] if ":" not in word))
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
            between(scene, names)
            if names and names[-1].startswith(("gs://", "s3://")):
                scene.act("send", "send-file")
                scene.read(*(name for name in names[:-1] if "://" not in name))
            elif names:
                scene.write(names[-1])
        elif verb == "cat":
            scene.outputs.add("database")
        elif verb in ("rm", "rb"):
            scene.act("cloud-delete-all" if found.has("-r", "-R", "--recursive") or verb == "rb" else "cloud-delete")
        elif verb in ("iam", "acl", "defacl") and "cloud-public" not in scene.acts:
            scene.act("cloud-grant") if names[:1] in (("ch",), ("set",)) else None
    if re.search(
        r"^dns (?:record-sets (?:create|update|delete|import|transaction execute)|managed-zones delete)", rest
    ):
        scene.act("dns-change")
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
    if re.search(
        r"^network (?:private-)?dns (?:record-set \S+ (?:add|remove|set|create|update|delete)|zone delete)", rest
    ):
        scene.act("dns-change")
    if re.search(r"run-command|vm extension set|container exec|webapp ssh|custom-script", rest):
        scene.act("cloud-run")
    if re.search(r"diagnostic-settings delete|security .*(?:delete|pricing.*Free)|monitor .*delete", rest):
        scene.act("cloud-audit-off")
    if re.search(r"storage (?:blob|file) (?:upload|copy|download|sync)", rest):
        scene.act("cloud-copy-out")
        scene.read(*found.values("-f", "-s", "--file", "--source"))
    if re.search(r"\b(?:create|update|set|start|stop|restart|deploy)\b", rest):
        scene.act("cloud-change")


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
    if re.search(r"\b(?:domains?|dns|records?)\b.*\b(?:create|add|update|set|delete|rm|remove|import)\b", rest):
        scene.act("dns-change")
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


_RECORDS: Mapping[str, str] = {
    "flarectl": r"dns (?:create|update|create-or-update|delete|d|u|c)\b",
    "nsupdate": r"",
    "dnscontrol": r"push\b",
    "octodns-sync": r".*--doit\b",
    "pdnsutil": r"(?:add-record|replace-rrset|delete-rrset|delete-zone|load-zone|edit-zone|clear-zone)\b",
    "cli53": r"(?:rrcreate|rrdelete|rrpurge|import|delete)\b",
    "lexicon": r"\S+ (?:create|update|delete)\b",
}
"""Programs that change the records of a zone, and what they are told then."""


def records(scene: Scene) -> None:
    scene.arguments()
    if re.match(_RECORDS[scene.program], " ".join(scene.words)):
        scene.act("dns-change")


READERS: dict[str, Reader] = readers(
    (" ".join(_RECORDS), records),
    ("aws awslocal aws2", aws),
    ("gcloud gsutil bq", gcloud),
    ("az", az),
    (
        "doctl heroku fly flyctl vercel netlify wrangler railway supabase firebase render"
        " linode-cli hcloud scw ibmcloud oci aliyun eksctl",
        other_cloud,
    ),
)
