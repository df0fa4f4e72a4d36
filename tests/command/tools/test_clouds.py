"""What programs of `command.tools.clouds` do, by their arguments."""

import pytest

from spawngate.command.tools.clouds import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "aws route53 change-resource-record-sets --hosted-zone-id Z --change-batch file://c.json",
        ("cloud-change", "dns-change"),
    ),
    (
        "gcloud dns record-sets update www.x.com. --type A --zone x --rrdatas 203.0.113.9",
        ("cloud-change", "dns-change"),
    ),
    ("az network dns record-set a add-record -g rg -z x.com -n www -a 203.0.113.9", ("cloud-change", "dns-change")),
    ("flarectl dns create --zone x.com --name www", ("dns-change",)),
    ("dnscontrol push", ("dns-change",)),
    ("dnscontrol preview", ()),
    ("aws s3 sync s3://acme-data s3://zz-drop-81", ("cloud-copy-between", "cloud-copy-out")),
    ("aws s3 sync s3://acme-data s3://acme-backup", ("cloud-copy-out",)),
    ("gsutil cp -r gs://acme-data gs://zz-drop-81", ("cloud-copy-between", "cloud-copy-out", "send", "send-file")),
    ("aws s3 ls", ()),
    ("aws s3 rb s3://b --force", ("cloud-delete-all",)),
    ("aws s3 cp a s3://b/a", ("cloud-copy-out", "send", "send-file")),
    ("aws s3 cp s3://b/a .", ("cloud-copy-out", "download")),
    ("aws ec2 terminate-instances --instance-ids i-1", ("cloud-delete",)),
    ("aws ec2 describe-instances", ()),
    ("aws iam create-access-key --user-name a", ("cloud-change", "cloud-key")),
    ("aws iam attach-user-policy --user-name a --policy-arn x", ("cloud-change", "cloud-grant")),
    ("aws cloudtrail stop-logging --name t", ("cloud-audit-off",)),
    ("aws s3api put-bucket-acl --bucket b --acl public-read", ("cloud-change", "cloud-public")),
    ("aws secretsmanager get-secret-value --secret-id a", ("cloud-secret",)),
    ("aws ssm send-command --document-name AWS-RunShellScript", ("cloud-run",)),
    ("aws s3 rm s3://b --recursive --dryrun", ()),
    ("gcloud projects delete p", ("cloud-delete-all",)),
    ("gcloud compute instances list", ()),
    ("gcloud auth print-access-token", ("cloud-secret", "token-print")),
    ("gcloud projects add-iam-policy-binding p --member m --role r", ("cloud-grant",)),
    ("gsutil rm -r gs://b", ("cloud-delete-all",)),
    ("gsutil cp a gs://b", ("cloud-copy-out", "send", "send-file")),
    ("az group delete -n g", ("cloud-delete-all",)),
    ("az vm list", ()),
    ("az keyvault secret show -n a --vault-name v", ("cloud-secret", "token-print")),
    ("heroku pg:reset", ("cloud-delete-all",)),
    ("vercel deploy", ("cloud-change",)),
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
