"""What programs of `command.tools.files` do, by their arguments."""

import pytest

from spawngate.command.tools.files import READERS
from tests.command.told import acts, facts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rm -rf build", ("delete-tree",)),
    ("rm -f a.txt", ()),
    ("trash-put old", ("delete-tree",)),
    ("shred -u k", ("wipe",)),
    ("truncate -s 0 a.log", ("truncate",)),
    ("cp -r src dst", ()),
    ("cp x ~/.config/autostart/", ()),
    ("mv a b", ()),
    ("mv old.txt /dev/null", ("wipe",)),
    ("ln -s /tmp/x .git/hooks/pre-push", ("replace-link",)),
    ("tee -a ~/.bashrc", ()),
    ("touch -r a b", ("timestamp-forge",)),
    ("dd if=/dev/zero of=/dev/sda", ("disk-write",)),
    ("dd if=/dev/zero of=fill", ("exhaust",)),
    ("cat ~/.aws/credentials", ()),
    ("head -n 5 ~/.npmrc", ()),
    ("sort -o ~/.profile a", ()),
    ("mkdir -p ~/.config/systemd/user", ()),
    ("split --filter=sh a", ("interactive-shell", "runs-input", "shell-escape")),
    ("fallocate -l 1G f", ()),
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


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("ed ~/.bashrc <<< $'a\\nx\\n.\\nw'", ("~/.bashrc",)),
        ("printf 'wq\\n' | ed -s ~/.bashrc", ("~/.bashrc",)),
        ("vim -es -c 'normal Gox' -c wq ~/.zshrc", ("~/.zshrc",)),
        ("nvim --headless +'normal Gox' +wq ~/.bashrc", ("~/.bashrc",)),
        ("ex -sc '$a|x|.' -cx ~/.profile", ("~/.profile",)),
        ("vim ~/.bashrc", ()),
        ("vim +10 ~/.bashrc", ()),
        ("nvim --headless +PlugInstall +qall", ()),
    ],
)
def test_editors_write_what_scripts_save(command: str, written: tuple[str, ...]) -> None:
    assert tuple(path for each in facts(command) for path in each.writes) == written
