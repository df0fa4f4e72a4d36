"""Who may do what with files.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of chmod, chown, attr, acl, libcap.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers


def chmod(scene: Scene) -> None:
    words = [word for word in scene.words if not re.fullmatch(r"-(?:[RvcfhHLP]+)|--[a-z-]+(?:=.*)?", word)]
    if words:
        set_mode(scene, words[0], words[1:])
    if any(re.fullmatch(r"-[a-zA-Z]*R[a-zA-Z]*|--recursive", word) for word in scene.words):
        scene.mode = f"-R {scene.mode}"


def set_mode(scene: Scene, mode: str, paths: list[str]) -> None:
    scene.mode = mode
    scene.act("mode-change")
    for path in paths:
        scene.mode_places |= scene.places(path)
        scene.target(path)
    octal = re.fullmatch(r"0?([0-7]?)([0-7]{3})", mode)
    if (octal and octal[1] and int(octal[1]) & 4) or re.search(r"(?:^|,)[goa]*u[ugoa]*[+=][rwxXt]*s", mode):
        scene.act("setuid")
    elif (octal and octal[1] and int(octal[1]) & 2) or re.search(r"(?:^|,)[goa]*[+=][rwxXt]*s", mode):
        scene.act("setgid" if re.search(r"g", mode) or octal else "setuid")
    if (octal and int(octal[2][1:]) & 0o44) or (
        re.search(r"(?:^|,)(?:[uo]*[goa][ugoa]*)?[+=][wxXst]*r", mode) and not re.match(r"u[+=]", mode)
    ):
        scene.act("world-readable")
    if (octal and int(octal[2][2]) & 2) or (
        re.search(r"(?:^|,)(?:[ug]*[oa][ugoa]*)?[+=][rxXst]*w", mode)
        and not re.match(r"[ug]+[+=]", mode)
        and not re.fullmatch(r"\+w", mode)
    ):
        scene.act("world-writable")


def chown(scene: Scene) -> None:
    found = scene.arguments(("--from", "--reference"))
    if found.rest:
        scene.mode = found.rest[0]
        if found.has("-R", "--recursive"):
            scene.mode = f"-R {scene.mode}"
    scene.act("owner-change")
    for path in found.rest[1:]:
        scene.mode_places |= scene.places(path)
        scene.target(path)


def chattr(scene: Scene) -> None:
    scene.act("attribute-lock")
    for word in scene.words:
        if not word.startswith(("-", "+", "=")):
            scene.mode_places |= scene.places(word)
            scene.target(word)


def setcap(scene: Scene) -> None:
    if scene.words and not scene.arguments().has("-r"):
        harmless = re.fullmatch(
            r"(?i)(?:cap_(?:net_bind_service|net_raw|net_admin|sys_nice|ipc_lock|sys_time|wake_alarm),?)+[+=]*[a-z+=]*",
            scene.words[0],
        )
        scene.act("small-capability" if harmless else "file-capability")
        scene.target(*scene.words[1:])


def setfacl(scene: Scene) -> None:
    found = scene.arguments(("-m", "--modify", "-x", "--remove", "-M", "-X", "--set"))
    scene.act("mode-change")
    for path in found.rest:
        scene.mode_places |= scene.places(path)
    if any(re.search(r"(?:^|,)o(?:ther)?::?[r-]*w", value) for value in found.values("-m", "--modify", "--set")):
        scene.act("world-writable")


READERS: dict[str, Reader] = readers(
    ("chmod gchmod", chmod),
    ("chown chgrp gchown", chown),
    ("chattr chflags lsattr", chattr),
    ("setcap", setcap),
    ("setfacl", setfacl),
)
