"""Package managers of JavaScript.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: reference pages of npm, pnpm, yarn, bun, npx, deno.
"""

import re
from collections.abc import Sequence

from spawngate.command.hosts import is_address
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.command.tools.specifiers import indexes, install, registry_words, removed, specifiers
from spawngate.launch.argv import word_set

_NPM = word_set("""
    --registry --prefix --userconfig --globalconfig -C --dir --cwd -w --workspace --filter -F --tag --cache --loglevel
    --otp --scope
    --omit --include --install-strategy --before --auth-type --package -p -c --call --script-shell --https-proxy
    --proxy --cafile
    --min-release-age --only --reporter --network-concurrency --config -t --node-options
    """)


_NPM_INSTALL = word_set("install i in ins inst insta instal isnt isnta isntal isntall add install-test it")


_NPM_CLEAN = word_set("ci clean-install ic install-clean isntall-clean install-ci-test cit dedupe ddp rebuild rb")


def npm(scene: Scene) -> None:
    found = scene.arguments(_NPM - ({"-p"} if scene.program != "npm" else {"-p", "-t"}))
    rest = found.rest
    verb, names = (rest[0], rest[1:]) if rest else ("", ())
    scene.manager = scene.program
    if scene.program in ("yarn", "yarnpkg"):
        if verb == "global":
            verb, names = (names[0], names[1:]) if names else ("", ())
        elif verb == "":
            verb = "ci"
    indexes(scene, found, ("--registry",), ())
    for option in ("--userconfig", "--globalconfig"):
        if found.value(option):
            scene.registries[f"{option}={found.value(option)}"] = None
            scene.act("package-index")
    if verb in _NPM_INSTALL or (verb in ("update", "upgrade", "up") and names):
        install(scene, "npm", names, whole=not names)
        if found.has("-g", "--global") and ("sudo" in scene.spawn.wrappers):
            scene.act("package-system")
    elif verb in _NPM_CLEAN or verb in ("update", "upgrade", "up", "import"):
        scene.act("package-install-all")
    elif verb in ("exec", "x", "dlx") or (verb in ("create", "init", "innit") and names):
        source = found.values("--package", *(("-p",) if verb == "dlx" else ()))
        target = source or names[:1]
        if verb in ("create", "init", "innit"):
            target = tuple(_creator(name) for name in target)
        specifiers(scene, "npm", target)
        scene.act("package-run")
        if found.has("-c", "--call", "--script-shell"):
            scene.act("shell-escape") if found.has("--script-shell") else None
    elif verb in ("uninstall", "remove", "rm", "r", "un", "unlink"):
        removed(scene, names)
    elif verb == "publish":
        if not found.has("--dry-run"):
            scene.act("package-publish")
    elif verb in ("dist-tag", "dist-tags", "tag") and names[:1] in (("add",), ("rm",), ("set",)):
        scene.act("package-publish")
    elif verb == "pkg" and names[:1] == ("set",):
        _package_json(scene, names[1:])
    elif verb in ("link", "ln"):
        specifiers(scene, "npm", names)
    elif verb in ("unpublish", "deprecate"):
        scene.act("package-unpublish" if verb == "unpublish" else "package-publish")
    elif verb in ("config", "c", "set"):
        words = names[1:] if names[:1] == ("set",) else names if verb == "set" else ()
        _npm_setting(scene, words)
        if names[:1] in (("get",), ("list",), ("ls",)) and any("_auth" in name.lower() for name in names):
            scene.act("token-print")
    elif verb == "token":
        scene.act("cloud-key" if names[:1] == ("create",) else "token-print")
    elif verb in ("owner", "access", "team", "org", "hook"):
        scene.act("repository-access") if names[:1] in (("add",), ("grant",), ("set",), ("public",)) else None
    elif verb == "cache" and names[:1] in (("clean",), ("clear",)):
        pass
    elif verb in ("run", "run-script", "rum", "urn", "start", "test", "t", "tst", "stop", "restart"):
        scene.target(*names[:1])


def _package_json(scene: Scene, words: Sequence[str]) -> None:
    """`npm pkg set name=value`."""
    scene.write("package.json")
    for word in words:
        name, _, value = word.partition("=")
        scene.texts.append(value)
        if re.match(r"scripts\.(?:pre|post)?(?:install|prepare)$", name) and _FETCHING.search(value):
            scene.act("package-elsewhere")
        if re.match(r"(?:overrides|resolutions|pnpm\.overrides)\b", name) and re.match(
            r"npm:|https?:|git|file:/tmp", value
        ):
            scene.act("package-elsewhere")
        if re.fullmatch(r"scripts\.(?:pre|post)?(?:install|prepare|publish|pack)", name):
            scene.act("package-script-set")
        elif re.match(r"(?:dev|peer|optional)?[dD]ependencies\.", name):
            specifiers(scene, "npm", (f"{name.partition('.')[2]}@{value}",))


_FETCHING = re.compile(r"\b(?:curl|wget|nc|bash|sh -c|node -e|python\d? -c|powershell|base64)\b|https?:|/dev/tcp")


def _creator(name: str) -> str:
    if name.startswith("@"):
        scope, slash, rest = name.partition("/")
        return f"{scope}/create-{rest}" if slash else f"{scope}/create"
    return name if is_address(name) or "/" in name else f"create-{name}"


def _npm_setting(scene: Scene, words: Sequence[str]) -> None:
    text = "=".join(words)
    if re.search(r"registry|proxy", text) and not re.match(r"//[^=]*:(?:_\w+|username|email|always-auth)=", text):
        scene.act("package-source")
        registry_words(scene, re.split(r"[=\s]", text))
    if re.search(r"(?i)strict-?ssl.*false|cafile", text):
        scene.act("package-unchecked")
    if re.search(r"script-shell|node-options|init[-.]module|onload-script|git=|editor=|shell=", text):
        scene.act("loads-code")


def npx(scene: Scene) -> None:
    found = scene.arguments(_NPM | {"-p", "--shell", "-n"}, ends=True)
    scene.manager = "npm" if scene.program == "npx" else scene.program
    indexes(scene, found, ("--registry",), ())
    source = found.values("-p", "--package")
    specifiers(scene, "npm", source or found.rest[:1])
    if found.rest or source:
        scene.act("package-run")
    if found.has("--script-shell", "--shell", "--node-options"):
        scene.act("loads-code")


def deno(scene: Scene) -> None:
    found = scene.arguments(("--config", "-c", "--import-map", "--lock", "--preload", "--allow-net-hosts"))
    verb, rest = (found.rest[0], found.rest[1:]) if found.rest else ("", ())
    if verb in ("run", "install", "serve", "x") or is_address(verb) or verb.endswith((".ts", ".js")):
        target = rest[:1] if verb in ("run", "install", "serve", "x") else (verb,)
        for name in target:
            if is_address(name):
                scene.host(name)
                scene.act("download", "runs-download")
            elif name.startswith(("npm:", "jsr:")):
                specifiers(scene, "npm", (name[4:],))
                scene.act("package-run")
            else:
                scene.run(name)


READERS: dict[str, Reader] = readers(
    ("npm pnpm yarn yarnpkg bun cnpm", npm),
    ("npx pnpx bunx", npx),
    ("deno", deno),
)
