"""Files and the registry of Windows, by its own commands and PowerShell's.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: learn.microsoft.com on Windows commands and PowerShell modules; MITRE ATT&CK T1112, T1547.
"""

import re

from spawngate.command.arguments import Arguments, parameters, slashed
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

SWITCHES = word_set(
    "-recurse -force -confirm -whatif -verbose -usebasicparsing -passthru -asplaintext"
    " -allowclobber -hidden -directory -file -wait -nonewline "
    "-disablekeepalive -skipcertificatecheck -skippublishercheck -leaf -raw -append -noclobber -nonewwindow"
)


def parameters_of(scene: Scene) -> Arguments:
    found = parameters(scene.words, SWITCHES)
    scene.subcommand = " ".join(found.rest[:1])
    return found


def value_of(found: Arguments, *names: str) -> str:
    """The value of a parameter that may be shortened."""
    for name, value in found.options:
        if value and len(name) > 1 and any(full.startswith(name) for full in names):
            return value
    return ""


def has(found: Arguments, name: str, shortest: int = 2) -> bool:
    return any(len(option) >= shortest and name.startswith(option) for option in found.names)


def remove(scene: Scene) -> None:
    if scene.program in ("del", "erase", "rd"):
        given = slashed(scene.words)
        if given.has("/s") or given.has("/q"):
            scene.delete(*given.rest)
            if given.has("/s"):
                scene.act("delete-tree")
            return
    found = parameters_of(scene)
    scene.delete(*found.rest, *(path for path in (value_of(found, "-path", "-literalpath"),) if path))
    if has(found, "-recurse"):
        scene.act("delete-tree")
    for path in scene.deletes:
        if re.match(r"(?i)(?:hk(?:lm|cu|cr|u|cc)|registry::?\w*):", path):
            scene.act("registry-delete")


def get_content(scene: Scene) -> None:
    found = parameters_of(scene)
    scene.read(*found.rest, value_of(found, "-path", "-literalpath"))


def type_(scene: Scene) -> None:
    if scene.windows or any("\\" in word for word in scene.words):
        scene.read(*(word for word in scene.words if not word.startswith("/")))


def list_items(scene: Scene) -> None:
    found = parameters_of(scene)
    if any(re.fullmatch(r"(?i)env:\\?\*?", word) for word in (*found.rest, value_of(found, "-path"))):
        scene.act("environment-dump")
        scene.outputs.add("environment")


def set_content(scene: Scene) -> None:
    found = parameters_of(scene)
    path = value_of(found, "-path", "-literalpath", "-filepath") or (found.rest[0] if found.rest else "")
    scene.write(path)
    scene.texts.extend((value_of(found, "-value"), *found.rest[1:]))
    if scene.program == "clear-content":
        scene.act("truncate")
        scene.delete(path)


def copy(scene: Scene) -> None:
    found = parameters_of(scene)
    words = [*found.rest]
    source = value_of(found, "-path", "-literalpath") or (words.pop(0) if words else "")
    target = value_of(found, "-destination", "-newname") or (words.pop(0) if words else "")
    (scene.delete if scene.program.startswith(("move", "mi", "rename", "ren")) else scene.read)(source)
    scene.write(target)
    if target.endswith(("\\", "/")) and source:
        scene.write(target + re.split(r"[\\/]", source)[-1])


def new_item(scene: Scene) -> None:
    found = parameters_of(scene)
    path = value_of(found, "-path") or (found.rest[0] if found.rest else "")
    name = value_of(found, "-name")
    scene.write(f"{path}\\{name}" if name and path else name or path)
    if re.match(r"(?i)(?:hk(?:lm|cu|cr|u|cc)):", path):
        write_registry(scene, path)
    if value_of(found, "-value", "-target"):
        scene.texts.append(value_of(found, "-value", "-target"))


def item_property(scene: Scene) -> None:
    found = parameters_of(scene)
    path = value_of(found, "-path", "-literalpath") or (found.rest[0] if found.rest else "")
    if re.match(r"(?i)(?:hk(?:lm|cu|cr|u|cc)|registry:):?", path):
        write_registry(scene, f"{path}\\{value_of(found, '-name')}")
        if scene.program.startswith("remove"):
            scene.act("registry-delete")


_RUN = re.compile(
    r"(?i)\\(?:run|runonce|runonceex|runservices|policies\\explorer\\run)(?=[\\\s]|$)"
    r"|winlogon|image file execution options|appinit_dlls|\\services\\|userinit"
    r"|activesetup|active setup|shell folders|\\command processor.*autorun"
    r"|\\print\\monitors|\\lsa\\|silentprocessexit|environment\\?.*(?:cor_|comp)"
)


_BYPASS = re.compile(
    r"(?i)ms-settings\\shell\\open\\command|mscfile\\shell\\open|exefile\\shell"
    r"|folder\\shell\\open\\command|delegateexecute|EnableLUA|ConsentPromptBehaviorAdmin"
    r"|windir.*environment"
)


_GUARD_KEYS = re.compile(
    r"(?i)windows defender|disableantispyware|disablerealtime|windowsfirewall"
    r"|enablefirewall|\\wdigest|disabletaskmgr|disableregistrytools|\\eventlog\\"
    r"|scriptblocklogging|amsi|\\securityhealth|smartscreen|disablesr\b"
)


def write_registry(scene: Scene, path: str) -> None:
    if _BYPASS.search(path):
        scene.act("bypass-uac")
    if _GUARD_KEYS.search(path):
        scene.act("antivirus-off")
    scene.act("registry-run" if _RUN.search(path) else "registry-write")
    if "registry-write" in scene.acts and re.search(
        r"(?i)^(?:hkcu|hkey_current_user)[:\\]+software\\(?!classes|microsoft\\windows|policies)", path
    ):
        scene.acts.pop("registry-write")


def reg(scene: Scene) -> None:
    verb = scene.words[0].lower() if scene.words else ""
    path = scene.words[1] if len(scene.words) > 1 else ""
    scene.subcommand = verb
    if verb in ("add", "import", "restore", "load", "copy"):
        write_registry(scene, " ".join(scene.words[1:]))
    elif verb == "delete":
        scene.act("registry-delete")
        if _GUARD_KEYS.search(path):
            scene.act("antivirus-off")
    elif verb in ("save", "export") and re.search(r"(?i)^(?:hklm|hkey_local_machine)\\(?:sam|system|security)\b", path):
        scene.act("hash-dump")


def permissions(scene: Scene) -> None:
    text = " ".join(scene.words)
    if (
        scene.program == "icacls" and re.search(r"(?i)/(?:grant|setowner|reset|deny|remove)", text)
    ) or scene.program in ("takeown", "set-acl", "cacls"):
        scene.act("mode-change")
        for word in scene.words:
            if not word.startswith("/") and re.search(r"[\\/:]", word):
                scene.mode_places |= scene.places(word)
                scene.target(word)
        if re.search(r"(?i)(?:everyone|\*S-1-1-0|users):\(?.*[FMW]", text):
            scene.act("world-writable")
        if re.search(r"(?i)/t\b|/r\b", text):
            scene.mode = "-R"


def robocopy(scene: Scene) -> None:
    given = slashed(scene.words)
    scene.read(*given.rest[:1])
    scene.write(*given.rest[1:2])
    if given.has("/mir", "/purge"):
        scene.delete(*given.rest[1:2])
        scene.act("delete-tree")


READERS: dict[str, Reader] = readers(
    ("remove-item ri del erase rd", remove),
    ("get-content gc import-csv select-string sls", get_content),
    ("type", type_),
    ("get-childitem gci dir", list_items),
    ("set-content add-content out-file clear-content ac tee-object export-csv", set_content),
    ("copy-item copy xcopy move-item move rename-item ren cpi mi", copy),
    ("new-item ni", new_item),
    ("set-itemproperty new-itemproperty remove-itemproperty sp", item_property),
    ("reg", reg),
    ("icacls takeown set-acl cacls", permissions),
    ("robocopy", robocopy),
)
