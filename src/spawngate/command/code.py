"""What code in another language does, as far as its text tells: names of calls that matter, addresses and paths in it.

Belongs here: one look over the text of `python -c`, `node -e`, `perl -e`, `php -r`, PowerShell and their like. No
language is parsed: what matters are names that cannot be reached otherwise, and a hidden one is a fact too
(`code-decode`).
Must not be here: what an interpreter's options mean (`command.tools.interpreters`).
Sources: the standard libraries' references of Python, Node.js, Perl, Ruby, PHP, .NET.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from spawngate.command.quoted import FEW, Quotes
from spawngate.command.screen import Screened, Text, expression, labels, screened

LONGEST = 32_768
"""Characters that are looked at."""


@dataclass(frozen=True, slots=True)
class Code:
    """What was seen in a text of code."""

    acts: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """String literals that look like paths."""
    commands: tuple[str, ...] = ()
    """Literal texts that the code hands to a shell."""


_ACTS = screened(
    (label, re.compile(pattern))
    for label, pattern in (
        (
            "code-process",
            r"\bos\.(?:system|popen|exec[lv]\w*|spawn\w*|posix_spawn\w*|startfile)\b"
            r"|\bsubprocess\b"
            r"|\bpty\.spawn\b|\bcommands\.getoutput|child_process|\bexecSync\b|\bspawnSync\b"
            r"|\bexecFile|Bun\.spawn|Deno\.(?:run|Command)|"
            r"\bKernel\.(?:system|exec|spawn)|\bIO\.popen|\bOpen3\b|\bshell_exec\b|\bpassthru\b"
            r"|\bproc_open\b|\bpopen\s*\(|\bos\.execute\b|\bio\.popen\b|\bProcess\.(?:Start"
            r"|spawn)"
            r"|\bRuntime\.getRuntime|\bdo shell script\b|\bStart-Process\b|`[^`\n]{2,400}`"
            r"|%x[{(\[]|\bqx[/{(\[]|(?:^|[^.\w])(?:system|exec)(?:\s*+\(\s*+|\s++)[\"'$@\[]",
        ),
        (
            "code-network",
            r"\b(?:urllib|http\.client|requests|httpx|aiohttp|urlopen|ftplib|smtplib|telnetlib"
            r"|paramiko)\b|\bsocket\b|\bfetch\s*\(|\baxios\b|require\(['\"](?:node:)?(?:https?"
            r"|net"
            r"|dgram|tls|dns)['\"]\)|\bfrom ['\"](?:node:)?(?:https?|net)['\"]|\bXMLHttpRequest\b"
            r"|\bWebSocket\b|"
            r"\bNet::HTTP\b|\bTCPSocket\b|\bopen-uri\b|\bURI\.open\b|\bLWP\b|\bIO::Socket\b"
            r"|\bfsockopen\b|\bcurl_init\b|file_get_contents\(\s*['\"]https?:|\bWebClient\b"
            r"|\bHttpClient\b|Invoke-(?:WebRequest|RestMethod)|\bHTTP::Tiny\b|\bsocket\.(?:tcp"
            r"|connect)\b",
        ),
        (
            "code-send",
            r"(?:\.|->)(?:post|put)(?:_form|_json|_async|Async)?\s*\(|method['\"]?\s*[:=]\s*['\"](?:POST|PUT)"
            r"|urlopen\([^)]{0,300},\s*(?:data\s*=)?|\bdata\s*=\s*\S|\.sendall?\s*\(|\.sendmail\s*\("
            r"|\brequest\(\s*+['\"](?:POST|PUT|PATCH)['\"]|\bgethostbyname\([^)\n]{0,120}[+%{]"
            r"|require\(['\"](?:node:)?dns['\"]\)[^\n]{0,200}?\.(?:resolve|lookup)\w{0,8}\([^\n]{0,160}?\+"
            r"|\.send_message\(|\bUploadString\b|\bUploadFile\b|-Method\s+(?:Post|Put)"
            r"|\bdns\.(?:promises\.)?(?:lookup|resolve\w*)\s*\([^)]{0,200}(?:\+|\$\{)|\|&\s*\"?/inet/"
            r"|\.write\([^)]{0,300}\)[\s;]*+\.?end\(|\.storbinary\(|Net::HTTP\.post|CURLOPT_POST",
        ),
        (
            "code-delete",
            r"\bshutil\.rmtree\b|\bos\.(?:remove|unlink|rmdir|removedirs)\b|\.unlink\(\)"
            r"|\bfs\.(?:rm|rmSync|rmdir|rmdirSync|unlink|unlinkSync|promises\.rm)\b|\brmSync\b"
            r"|\brimraf\b|\bFileUtils\.rm\w*|\bFile\.delete\b|\bunlink\s*\(|\brmdir\s*\("
            r"|\brmtree\b"
            r"|\bremove_tree\b|\bunlink\s+(?:glob\b|<|[\"'$@])|\bDeno\.remove|Remove-Item|IO\.(?:Directory|File)\]?(?:::|\.)Delete",
        ),
        (
            "code-write",
            r"\bopen\s*\([^)]{0,300},\s*(?:mode\s*=\s*)?['\"][waxr]?b?\+?[wax+]|\.write_(?:text"
            r"|bytes)\s*\(|\bfs\.(?:writeFile|appendFile|createWriteStream|copyFile|rename"
            r"|symlink"
            r"|chmod)\w*|\bwriteFileSync\b|\bappendFileSync\b|\bFile\.(?:write"
            r"|open\([^)]{0,300}['\"][wa])|\bfile_put_contents\b|\bshutil\.(?:copy|move)\w*"
            r"|\bos\.(?:rename|replace|symlink|chmod|link)\b|Set-Content|Out-File|Add-Content"
            r"|IO\.File\]?(?:::|\.)(?:Write|Append|Copy|Move|Replace)"
            r"|open\s*\(\s*\w+\s*,\s*['\"]>|\bopen\b[^;\n]{0,80},\s*['\"]\s*\+?>"
            r"|\bopen\s*\([^)]{0,300}\)\s*,\s*(?:mode\s*=\s*)?['\"][waxr]?b?\+?[wax+]"
            r"|\.open\s*\(\s*(?:mode\s*=\s*)?['\"][waxr]?b?\+?[wax+]|\.(?:sym|hard)link_to\s*\("
            r"|\bDeno\.write\w*|\bBun\.write\b|\bfopen\s*\([^)]{0,300},\s*['\"][waxc]|\bIO\.(?:bin)?write\b"
            r"|\bFileUtils\.(?:cp|mv|ln|install|copy)\w*|\bFile\.(?:symlink|link|rename)\b|\bcopyfile\b|\bIO\.copy_stream\b"
            r"|\b(?:rename|link|symlink)Sync\b|\bpromises\.(?:writeFile|appendFile|rename|link|symlink)\b"
            r"|\bfs\.link\b|\bDeno\.(?:rename|link|symlink|create)\w*"
            r"|(?<![\w.>:$])(?:rename|symlink|link)(?:\s*\(\s*|\s+)['\"$]",
        ),
        (
            "code-read",
            r"\bopen\s*\(|\.read_(?:text|bytes)\s*\(|\breadFile(?:Sync)?\b|\bFile\.read\b"
            r"|\bIO\.read\b|\bfile_get_contents\b|Get-Content|IO\.File\]?(?:::|\.)(?:Read|Open)"
            r"|\bslurp\b",
        ),
        (
            "code-environment",
            r"\bos\.environ\b(?!\s*(?:\[|\.get|\.setdefault|\.pop))|\bprocess\.env\b(?!\s*[.\[])"
            r"|\bENV\b(?:\.to_a|\.inspect|\.each|\.to_h|\))|\bgetenv\(\s*\)|\$_ENV\b"
            r"|\$ENV\b(?!\{)"
            r"|%ENV\b|\bDeno\.env\.toObject|json\.dumps\(dict\(os\.environ",
        ),
        (
            "code-native",
            r"\bctypes\b|\bcffi\b|\bVirtualAlloc|\bDllImport\b|\bffi-napi\b|\bFiddle\b"
            r"|\bmmap\b.*PROT_EXEC|\bcreateRemoteThread|process\.binding|\bDeno\.dlopen|Add-Type",
        ),
        (
            "listen",
            r"\.listen\s*\(|\bhttp\.server\b|\bHTTPServer\b|\bcreateServer\b|\bTCPServer\b"
            r"|\bserve_forever\b|\.bind\s*\(",
        ),
        ("setuid", r"\bchmod\w*+\s*+\(?[^)\n]{0,120}?\b0?o?[46][0-7]{3}\b|S_ISUID"),
        (
            "fork-bomb",
            r"os\.fork\(\)\s+for\s|while\s*+(?:True|1|\(1\)|true)[\s:{]*+(?:os\.)?fork\("
            r"|fork\s+while|\bfork\b.*while\s*(?:true|1)|(?:os\.fork\(\)[\s;]*+){3,}",
        ),
        (
            "watch-user",
            r"\bpynput\b|\bkeyboard\.(?:on_press|hook|record)|\bpyautogui\.screenshot"
            r"|\bImageGrab\b"
            r"|\bGetAsyncKeyState|\bpyperclip\.paste|\bmss\b\(",
        ),
        (
            "keychain-read",
            r"\bkeyring\.get_password|\bwin32crypt\b|CryptUnprotectData"
            r"|ProtectedData\]?::Unprotect|Get-StoredCredential|GetNetworkCredential"
            r"|PasswordVault"
            r"|\bbrowser_cookie3\b|\bsecretstorage\b",
        ),
        (
            "package-elsewhere",
            r"\btorch\.hub\.load\(\s*['\"](?!pytorch/|facebookresearch/|ultralytics/|huggingface/|snakers4/|isl-org/)"
            r"[\w.-]+/|\btrust_remote_code\s*=\s*True|\bload_state_dict_from_url\(\s*['\"]https?://"
            r"(?!download\.pytorch\.org|huggingface\.co)",
        ),
        ("antivirus-off", r"(?i)amsi(?:utils|initfailed|scanbuffer|context)|EtwEventWrite|PSEtwLogProvider"),
        ("kill-all", r"os\.kill\(\s*-1\b|process\.kill\(\s*-1\b"),
    )
)
_RUN_WORDS = expression(
    r"\b(?:exec|eval|compile|Function|instance_eval|assert|loadstring|load|iex"
    r"|Invoke-Expression|system|runInThisContext)\b"
)
_DECODERS = expression(
    r"b64decode|base64|decodebytes|a2b_\w+|fromhex|unhexlify|zlib\.decompress"
    r"|codecs\.decode|\batob\b|Buffer\.from|unescape"
    r"|fromCharCode|decode64|\bunpack\b|gzinflate|\bunpack1\b|\bpack\s*\(\s*['\"][HhuMm]|rot_?13|FromBase64String|marshal\.loads"
    r"|decode\(\s*['\"](?:hex|base64)"
)
_FETCHERS = expression(
    r"urlopen|requests\.get|httpx\.get|fetch\s*\(|https?\.get|https?://|open-uri|URI\.open"
    r"|DownloadString|Net::HTTP|LWP|\biwr\b|\birm\b"
    r"|DownloadFile"
)
_RUN_FETCHED = expression(r"\b(?:exec|eval|compile|Function|instance_eval|runInThisContext|iex|Invoke-Expression)\b")
_STARTS_FETCHED = expression(
    r"(?:os\.system|os\.popen|subprocess\.\w+|execSync|shell_exec"
    r"|system)\s*\(\s*(?:\w+\.)*(?:urlopen|requests|urllib|httpx|fetch|get)\b"
)
_RUNS_ADDRESS = expression(
    r"\b(?:include|require)(?:_once)?\s*+(?:\(\s*+)?['\"](?:https?|ftp|data|phar)://|\bsource\(\s*['\"]https?://"
    r"|\binclude\(\s*(?:Downloads\.)?download\(|\b(?:load|loadstring|dofile)\s*\([^\n]{0,80}\brequest\s*\("
    r"|\bMix\.install\([^\n]{0,200}\b(?:git|url):\s*['\"]|\(load\s+\(url-|\bso(?:urce)?\s+https?://"
    r"|\beval\s*+(?:\(\s*+)?(?:LWP::Simple::)?get\s*+(?:\(\s*+)?['\"]https?://|\bimportlib?[^\n]{0,40}https?://"
    r"|\beval\([^\n]{0,60}\bparse\([^\n]{0,60}https?://|\burl-retrieve[^\n]{0,200}\beval-"
)
_EVALUATES = expression(r"\b(?:eval|Function|runInThisContext|runInNewContext)\b")
_SOCKETS = expression(
    r"require\(['\"](?:node:)?net['\"]\)|\bsocket\b|TCPSocket|net\.(?:connect|Socket"
    r"|createConnection)|fsockopen|IO::Socket|\bSocket\b"
    r"|\btcp\b|new\s+net\."
)
_SHELLS = expression(
    r"dup2|pty\.spawn|/bin/(?:ba|z|da|k)?sh|cmd(?:\.exe)?['\"]|\bsubprocess\b"
    r"|child_process|\bexec\s*[\"'(]|spawn\s*\(|proc_open|shell_exec|\bsystem\s*[$(@]|\bos\.execute\b|\bio\.popen\b"
    r"|\bexec\.Command\b|\bProcessBuilder\b|\bProcess\.Start\b|\bexec\s+(?:sh|bash|cmd)\b"
)
_PAIRS = (
    ("code-decode", _RUN_WORDS, _DECODERS, 300),
    ("code-fetch-run", _RUN_FETCHED, _FETCHERS, 400),
    ("code-shell-socket", _SOCKETS, _SHELLS, 700),
)
"""Acts that two words near each other tell: label, the two, and how far apart they may stand. Looking for each word
alone and comparing places takes time in proportion to the text, whatever the text; one expression for both would
not."""
_ADDRESS = expression(r"\b(?:https?|wss?|ftp)://[^\s'\"`<>\\)\]}]{3,500}")
_CONNECT = expression(r"\(\s*+(?:\(\s*+)?['\"]((?=[\w.-]+?\.[\w.-])[\w.-]++|\d[\d.]++)['\"]\s*+,\s*+['\"]?(\d{2,5})")
_PORT_FIRST = expression(r"\b(?:connect|createConnection|Socket)\s*\(\s*(\d{2,5})\s*,\s*['\"]([\w.-]+)['\"]")
_LITERAL = re.compile(r"'((?:[^'\\\n]|\\.){1,400})'|\"((?:[^\"\\\n]|\\.){1,400})\"|`([^`\n]{1,400})`")
_OPENED = re.compile(r"[\"']|`([^`\n]{1,400})`")
_PATH = re.compile(
    r"(?:~|/|\.{1,2}[\\/]|[A-Za-z]:\\|\\\\|\$HOME|\$env:\w++|%[A-Z]+%)"
    r"(?:[^\s*?<>|]|(?<=Application) (?=Support)|(?<=Program) (?=Files)|(?<=Code) (?=- )|(?<= -) (?=Insiders)"
    r"|(?<=Login|Local) (?=Data|State|Settings)|(?<=User) (?=Data)|(?<=Web) (?=Data))*"
    r"|\.[a-z][\w.-]+(?:/[\w.-]+)*|[\w.-]+(?:/[\w.@-]+)+|[\w-]+\.(?:env|pem|key|json|ya?ml"
    r"|toml|sh|py|db|sqlite)"
)
_MODE = re.compile(r"^\s*\+?[<>]{1,2}\s*(?=[~/.$])")
"""How Perl's `open` says in the name itself what it is opened for."""
_HOME_INSIDE = re.compile(
    r"^(?:\$ENV\{['\"]?HOME['\"]?\}|#\{(?:ENV\[['\"]HOME['\"]\]|Dir\.home)\}|\$\{(?:process\.env\.HOME|(?:os\.)?homedir\(\))\}"
    r"|\{(?:home|HOME|Path\.home\(\))\})(?=/)"
)
_HOME = expression(
    r"homedir\(\)|Path\.home\(\)|Dir\.home|expanduser\(\s*['\"]~/?['\"]\s*\)|process\.env\.(?:HOME|USERPROFILE)|"
    r"(?:ENV|environ|_SERVER|process\.env)\[['\"](?:HOME|USERPROFILE)['\"]\]|\$ENV\{['\"]?HOME['\"]?\}"
    r"|(?:getenv|environ\.get|ENV\.fetch|env\.get)\(\s*['\"](?:HOME|USERPROFILE)['\"]\s*\)"
)
_COMMAND = expression(
    r"(?:os\.system|os\.popen|subprocess\.(?:run|call|check_call|check_output|Popen"
    r"|getoutput|getstatusoutput)|execSync|exec|spawnSync|execFileSync|system|shell_exec"
    r"|passthru|popen|IO\.popen|do shell script|os\.execute|io\.popen|Kernel\.system)"
    r"\s*+(?:\(\s*+)?(?:\[\s*+)?[frbu]?(?:'((?:[^'\\\n]|\\.){1,2000})'|\"((?:[^\"\\\n]|\\.){1,2000})\"|`([^`\n]{1,2000})`)"
)
_LIST = expression(
    r"(?:subprocess\.(?:run|call|check_call|check_output|Popen)|spawnSync|spawn"
    r"|execFileSync|execFile|os\.exec[lv]\w*"
    r"|os\.spawn[lv]\w*)\s*\(\s*(?:os\.P_\w+\s*,\s*)?(?:[\"']([^\"']{1,200})[\"']\s*,\s*)?[\[(]\s*((?:[\"'][^\"']{0,400}[\"']\s*,?\s*){1,30})[\])]"
)
_BACKTICK = expression(
    r"`([^`\n]{2,2000})`|%x[{(\[]([^\n][^\n})\]]{0,1999}+)[})\]]"
    r"|\bqx[/{(\[]([^\n][^\n/})\]]{0,1999}+)[/})\]]"
)


@lru_cache(maxsize=8)
def look(text: str, language: str = "") -> Code:
    """What is seen in the text. Linear; raises nothing."""
    part = text[:LONGEST]
    given = Text(part)
    acts = labels(_ACTS, given)
    acts.update(label for label, first, second, within in _PAIRS if _near(given, first, second, within))
    if "code-fetch-run" in acts and (
        "code-network" not in acts or (language == "javascript" and not _EVALUATES.search(given))
    ):
        acts.discard("code-fetch-run")
    if _STARTS_FETCHED.search(given) or _RUNS_ADDRESS.search(given):
        acts.add("code-fetch-run")
    if "pickle.loads" in part:
        acts.add("code-decode")
    if "Net.Sockets.TCPClient" in part:
        acts.add("code-shell-socket")
    if (
        language == "javascript"
        and "code-process" in acts
        and not re.search(r"child_process|execSync|spawn|Bun\.|Deno\.|execFile", part)
    ):
        # Template texts stand in the quotes that start processes elsewhere.
        acts.discard("code-process")
    addresses = [match[0].rstrip(".,;") for match in _ADDRESS.finditer(given)]
    addresses += [f"tcp://{match[1]}:{match[2]}" for match in _CONNECT.finditer(given)]
    addresses += [f"tcp://{match[2]}:{match[1]}" for match in _PORT_FIRST.finditer(given)]
    paths = []
    for found in _literals(part):
        literal = _HOME_INSIDE.sub("~", _MODE.sub("", found))
        literal = literal.removesuffix("/*")
        if "://" not in literal and literal != "~" and _PATH.fullmatch(literal):
            paths.append(literal)
    # `os.path.expanduser('~') + '/.ssh/id_rsa'`, `Path.home() / '.ssh'`, `os.path.join(home, '.aws', 'credentials')`
    if re.search(r"expanduser|Path\.home|homedir|HOME|Dir\.home|USERPROFILE|join", part):
        paths += [
            f"~/{name.lstrip('/')}"
            for name in paths
            if name.startswith((".", "/.")) and not name.startswith(("./", "../"))
        ]
        joined = re.findall(r"['\"](\.[\w-]+)['\"]\s*[,/]\s*['\"]([\w.-]+)['\"]", part)
        paths += [f"~/{folder}/{name}" for folder, name in joined]
    for match in _HOME.finditer(given):
        # A home that is only the beginning of a longer path says nothing by itself.
        if not re.match(r"\s*\)?\s*(?:[+/]|\.\.?\s*['\"])", part[match.end() : match.end() + 8]) and not re.search(
            r"(?:join|resolve)\([^()]{0,40}(?:\([^()]*\)[^()]{0,20})?$",
            part[max(0, match.start() - 60) : match.start()],
        ):
            paths.append("~")
    return Code(
        frozenset(acts),
        tuple(dict.fromkeys(addresses))[:50],
        tuple(dict.fromkeys(paths))[:100],
        _commands(given, language),
    )


def _literals(text: str) -> list[str]:
    """What stands in quotes."""
    if text.count("\\") < FEW:
        return [match[1] or match[2] or match[3] or "" for match in _LITERAL.finditer(text)]
    quotes = Quotes(text, 1, 400)
    found: list[str] = []
    at = 0
    while match := _OPENED.search(text, at):
        end = quotes.end(match.start()) if match[1] is None else match.end() - 1
        if end >= 0:
            found.append(text[match.start() + 1 : end])
        at = max(end, match.start()) + 1
    return found


def _near(given: Text, first: Screened, second: Screened, within: int) -> bool:
    """Whether the two stand at most so many characters apart, in either order, and are not the same word."""
    if not first.may_match(given) or not second.may_match(given):
        return False
    spans = [match.span() for match in first.pattern.finditer(given.text)]
    if not spans:
        return False
    others = [match.span() for match in second.pattern.finditer(given.text)]
    at = 0
    for start, end in spans:
        while at < len(others) and others[at][1] + within < start:
            at += 1
        for other_start, other_end in others[at : at + 4]:
            if (other_start >= end and other_start - end <= within) or (
                other_end <= start and start - other_end <= within
            ):
                return True
    return False


def _commands(given: Text, language: str) -> tuple[str, ...]:
    found = [_unescaped(match[1] or match[2] or match[3] or "") for match in _COMMAND.finditer(given)]
    for match in _LIST.finditer(given):
        words = [first or second for first, second in re.findall(r"\"([^\"]*)\"|'([^']*)'", match[2])]
        if match[1] and words[:1] != [match[1]]:
            words = [match[1], *words]
        found.append(" ".join("'" + word.replace("'", "'\\''") + "'" for word in words))
    if language in ("perl", "ruby", "php", ""):
        found += [match[1] or match[2] or match[3] or "" for match in _BACKTICK.finditer(given)]
    return tuple(dict.fromkeys(text for text in found if text.strip()))[:20]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text)
