"""What programs of `command.tools.system` do, by their arguments."""

import pytest

from spawngate.command.tools.system import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("kill 4711", ("kill",)),
    ("kill -9 -1", ("kill", "kill-all")),
    ("pkill vite", ("kill",)),
    ("pkill -f spawngate", ("kill", "spawngate-off")),
    ("killall falcond", ("antivirus-off", "kill")),
    ("pkill claude", ("agent-kill", "kill")),
    ("systemctl status nginx", ()),
    ("systemctl stop nginx", ("service-stop",)),
    ("systemctl stop auditd", ("antivirus-off", "service-stop")),
    ("systemctl enable x.service", ("service-create",)),
    ("systemctl poweroff", ("power",)),
    ("service nginx stop", ("service-stop",)),
    ("crontab -l", ()),
    ("crontab -r", ("schedule-clear",)),
    ("crontab a", ("schedule",)),
    ("at now", ("interactive-shell", "runs-input", "schedule", "shell-escape")),
    ("launchctl load ~/Library/LaunchAgents/x.plist", ("service-create",)),
    ("defaults write com.apple.LaunchServices LSQuarantine -bool NO", ("quarantine-remove",)),
    ("useradd eve", ("account-create",)),
    ("usermod -aG sudo eve", ("account-admin",)),
    ("passwd root", ("account-password",)),
    ("userdel eve", ("account-delete",)),
    ("dscl . -create /Users/eve", ("account-create",)),
    ("shutdown -h now", ("power",)),
    ("shutdown -c", ()),
    ("mkfs.ext4 /dev/sda1", ("disk-format", "disk-write")),
    ("mkfs.ext4 disk.img", ()),
    ("wipefs /dev/sda", ()),
    ("fdisk -l", ()),
    ("parted /dev/sda mklabel gpt", ("disk-format", "disk-write")),
    ("diskutil eraseDisk JHFS+ X disk0", ("disk-format",)),
    ("zfs destroy tank/a", ("volume-delete",)),
    ("zfs list", ()),
    ("lvremove vg0/a", ("volume-delete",)),
    ("tmutil delete /x", ("backup-delete",)),
    ("insmod x.ko", ("kernel-module",)),
    ("iptables -F", ("firewall-off",)),
    ("iptables -L", ()),
    ("ufw disable", ("firewall-off",)),
    ("ufw allow 22", ("firewall-change",)),
    ("setenforce 0", ("integrity-off",)),
    ("auditctl -e 0", ("audit-off",)),
    ("csrutil disable", ("integrity-off",)),
    ("journalctl --vacuum-time=1s", ("log-clear",)),
    ("journalctl -u x", ()),
    ("history -c", ("history-clear",)),
    ("unset HISTFILE", ("history-clear",)),
    ("set +o history", ("history-clear",)),
    ("export -p", ("environment-dump",)),
    ("env", ("environment-dump",)),
    ("printenv PATH", ()),
    ("printenv GITHUB_TOKEN", ("environment-secret",)),
    ("echo $AWS_SECRET_ACCESS_KEY", ("environment-secret",)),
    ("echo hi", ()),
    ("security find-generic-password -w -s x", ("keychain-read",)),
    ("security add-trusted-cert x.pem", ("trust-certificate",)),
    ("pass show a", ("keychain-read",)),
    ("vault kv get a", ("cloud-secret",)),
    ("op item get x", ("keychain-read",)),
    ("gcore 4711", ("memory-dump",)),
    ("strace ls", ()),
    ("hashcat -m 0 h", ("crack",)),
    ("scrot a.png", ("watch-user",)),
    ("ffmpeg -i a b", ()),
    ("pbpaste", ("clipboard-read",)),
    ("xclip -o", ("clipboard-read",)),
    ("mount /dev/sda1 /mnt", ("mount",)),
    ("nsenter -t 1 -m true", ("container-escape",)),
    ("sysctl -w kernel.randomize_va_space=0", ("integrity-off", "kernel-setting")),
    ("sysctl -a", ()),
    ("xattr -d com.apple.quarantine a", ("quarantine-remove",)),
    ("update-alternatives --set editor x", ("default-program",)),
    ("whoami", ("reconnaissance",)),
    ("ps aux", ("list-processes",)),
    ("ss -tlnp", ("list-network",)),
    ("last", ("list-accounts",)),
    ("tmux new -d x", ()),
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
