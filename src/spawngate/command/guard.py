"""What reaches Spawngate by its name: found by one program and ended, changed or shadowed by another.

Belongs here: the label for output that names Spawngate's processes and programs, and what follows when it arrives at a
program that ends or changes things; patterns that mean its name; code that does the same.
Must not be here: Spawngate's own sub-commands (`command.tools.agents`), its files (`command.data`), and the flows
themselves (`command.carried`).
Sources: MITRE ATT&CK T1562.001, T1489, T1036.005, T1574.
"""

import re
from collections.abc import Sequence

from spawngate.command.scene import Scene
from spawngate.launch.argv import word_set

NAME = "spawngate"
LABEL = NAME
"""Of what flows: names, process ids or paths of Spawngate. The class of places of its files is called the same."""
_NAMERS = word_set(
    """
    pgrep pidof ps lsof fuser grep egrep fgrep rg ag awk gawk systemctl which whereis type command locate plocate
    mdfind find fd fdfind where get-process gps get-command gcm get-service tasklist pip pip3 python python3 readlink
    realpath launchctl dpkg rpm npm ss netstat busctl ls where-object ? select-string sls
    """
)
"""Programs whose output holds what they were asked for by name."""
_CHANGES = word_set(
    """
    rm mv unlink rmdir shred truncate chmod chown chgrp chattr setfacl renice prlimit gdb cpulimit ionice taskset
    strace wipe srm remove-item ri del erase rename-item rni move-item mi stop-process spps kill
    """
)
_PUTS = word_set("cp ln install tee mount copy-item ditto dd")
"""Programs that change what their last word names."""
_ENDS = frozenset({"kill", "kill-all", "wipe", "truncate", "delete-tree"})
_STOPS = word_set(
    "freeze stop disable remove uninstall unload kill delete purge mask unlink down rm drop terminate end suspend pause"
)
_SPEAKS = word_set("git gh glab hg echo printf grep egrep fgrep rg ag sed awk curl wget jq yq man apropos npm-search")
"""Programs that are told names without reaching what bears them."""
_CONTAINED = word_set("docker podman nerdctl kubectl helm docker-compose compose terraform ansible")
_CODE = re.compile(
    r"unprotect|approve|revoke|\bkill\b|terminate|SIGKILL|rmtree|rmSync|\bremove\w*\(|unlink|\bbind\(|runpy|os\.rename"
    r"|delete_file|chmod|SetEnvironmentVariable|environ\[|Stop-|Remove-"
)
_MAY_BE = re.compile(r"(?i)pawn|gate")
_SIGNS = re.compile(r"[\[\]\\^$'\"()]")
_OURS = "spawngate-daemon"
_SHORTEST = 4
"""Letters of a pattern that can hardly mean anything else."""
_HOME = r"(?:~|\$\{?HOME\}?|/home/[^/]+|/Users/[^/]+|/root)"
_OUR_PATH = re.compile(
    r"(?i)(?:/(?:sys|proc|run|var|usr|opt|etc|lib|applications|library|private|srv)/"
    rf"|{_HOME}/(?:\.|Library/|AppData/)|/tmp/(?=spawngate))(?:[^/\s]+/){{0,12}}spawngate(?:[-.@\w]*)(?:/|$)"
)
_OUR_FOLDER = re.compile(r"/(?:\.config|\.local/(?:state|share)|run/user/\d+)/spawngate")
_CMDLET = re.compile(
    r"(?:stop|disable|remove|unregister|uninstall|suspend|clear|rename)-\w+$|(?:set|new)-alias$|[sn]al$|set-service$"
)
_GIT_CHANGES = word_set("reset checkout pull clean restore apply stash rm mv clone switch am")
_READS = word_set("get-item gi get-content gc get-childitem gci ls dir test-path echo write-output")
_VARIABLE = re.compile(r"(?:set\s+)?SPAWNGATE_[A-Z_]+(?:=|$)")


def concerns(scene: Scene) -> bool:
    """Whether a spawn may mean Spawngate: nearly none does, and then nothing else here is asked."""
    return (
        _mentioned(scene.words)
        or LABEL in scene.read_places
        or (bool(scene.code) and NAME in scene.code.lower())
        or any(NAME in path for path in scene.writes)
    )


def _mentioned(words: Sequence[str]) -> bool:
    return any(map(_MAY_BE.search, words))


def name(scene: Scene) -> None:
    """Labels the output of a spawn that is asked for Spawngate by name."""
    if (scene.program in _NAMERS and any(map(_names_us, scene.words))) or (
        scene.code and NAME in scene.code and "print" in scene.code
    ):
        scene.outputs.add(LABEL)


def judge(scene: Scene) -> None:
    """The act that follows from what the spawn is given and does, once it is known what flows into it."""
    if _reaches(scene) or _told(scene):
        scene.act("spawngate-off")


def _reaches(scene: Scene) -> bool:
    if LABEL not in scene.carries and LABEL not in scene.read_places:
        return False
    if not {"listen", "listen-all"}.isdisjoint(scene.acts) and LABEL in scene.read_places:
        return True
    if LABEL not in scene.carries:
        return False
    if scene.program in _PUTS:
        return bool(scene.spawn.argv[-1].spawns)
    if scene.program in _CHANGES:
        return scene.program != "mv" or any(word.spawns or "$" in word.text for word in scene.spawn.argv[1:])
    return not _ENDS.isdisjoint(scene.acts)


def _told(scene: Scene) -> bool:
    program, words = scene.program, scene.words
    if scene.code and NAME in scene.code.lower() and _CODE.search(scene.code):
        return True
    if any(map(_OUR_PATH.match, (*scene.deletes, *scene.writes))):
        return True
    if not _mentioned(words):
        return False
    if program in ("pkill", "killall", "skill", "stop-process", "spps", "taskkill", "cpulimit"):
        return any(_means_us(word) for word in words if not word.startswith("-"))
    if program == "fuser":
        return any(map(_names_us, words)) and any(re.fullmatch(r"-\w*k\w*|--kill", word) for word in words)
    if program in ("socat", "nc", "ncat", "netcat"):
        # What listens on our socket answers in our place.
        return any(re.search(r"/spawngate(?:[/-]|$)", word) for word in words)
    if any(re.match(r"(?i)(?:variable|env):[\\/]?SPAWNGATE_", word) for word in words) and program not in _READS:
        return True
    if _CMDLET.match(program):
        return any(re.match(r"(?i)spawngate[\w.*-]*$", word) for word in words)
    if program in ("alias", "unalias", "hash"):
        return any(re.match(r"spawngate[\w-]*(?:=|$)", word) for word in words)
    if any("*" in path and NAME in path for path in scene.deletes) and "project" not in scene.delete_places:
        return True
    if program in _CONTAINED and any(map(_OUR_FOLDER.search, words)):
        # A container that is given our folder may change what lies there.
        return True
    if program == "git" and any(map(_OUR_FOLDER.search, words)) and not _GIT_CHANGES.isdisjoint(words):
        return True
    if program in _SPEAKS:
        return False
    if program == "wmic":
        return any(_names_us(word) for word in words) and not {"delete", "terminate"}.isdisjoint(map(str.lower, words))
    named = any(re.fullmatch(r"(?:\w+/)?spawngate[\w.@-]*", word.lower()) for word in words)
    if named and not _STOPS.isdisjoint(words) and program != NAME and not program.startswith("spawngate"):
        return program not in ("find", "fd")
    return program not in _CONTAINED and any(_VARIABLE.match(word) for word in words)


def _names_us(word: str) -> bool:
    lowered = word.lower()
    return NAME in lowered or ("[" in word and NAME in _SIGNS.sub("", lowered))


def _means_us(pattern: str) -> bool:
    """Whether a pattern for processes would find ours. The pattern is not run: only its letters are compared."""
    for alternative in _SIGNS.sub("", pattern.lower()).split("|")[:20]:
        parts = [part for part in re.split(r"[.*?+]+", alternative) if part]
        if NAME in alternative:
            return True
        if sum(map(len, parts)) < _SHORTEST or not all(part in _OURS for part in parts):
            continue
        at = 0
        for part in parts:
            found = _OURS.find(part, at)
            if found < 0 or (at == 0 and found > len(NAME) - _SHORTEST):
                break
            at = found + len(part)
        else:
            return True
    return False
