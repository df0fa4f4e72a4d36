"""What code in another language does, as far as its text tells: names of calls that matter, addresses and paths in it.

Belongs here: one look over the text of `python -c`, `node -e`, `perl -e`, `php -r`, PowerShell and their like. No language is parsed:
what matters are names that cannot be reached otherwise, and a hidden one is a fact too (`code-decode`).
Must not be here: what an interpreter's options mean (`command.tools.interpreters`).
Sources: the standard libraries' references of Python, Node.js, Perl, Ruby, PHP, .NET.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 65_536
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


_ACTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern))
    for label, pattern in (
        ("code-process", r"\bos\.(?:system|popen|exec[lv]\w*|spawn\w*|posix_spawn\w*|startfile)\b|\bsubprocess\b|\bpty\.spawn\b|\bcommands\.getoutput|child_process|\bexecSync\b|\bspawnSync\b|\bexecFile|Bun\.spawn|Deno\.(?:run|Command)|"
         r"\bKernel\.(?:system|exec|spawn)|\bIO\.popen|\bOpen3\b|\bshell_exec\b|\bpassthru\b|\bproc_open\b|\bpopen\s*\(|\bos\.execute\b|\bio\.popen\b|\bProcess\.(?:Start|spawn)|\bRuntime\.getRuntime|\bdo shell script\b|\bStart-Process\b|`[^`\n]{2,}`(?=[^`]*$)|%x[{(\[]|\bqx[/{(\[]|(?:^|[^.\w])(?:system|exec)\s*[( ]\s*[\"'$@\[]"),
        ("code-network", r"\b(?:urllib|http\.client|requests|httpx|aiohttp|urlopen|ftplib|smtplib|telnetlib|paramiko)\b|\bsocket\b|\bfetch\s*\(|\baxios\b|require\(['\"](?:node:)?(?:https?|net|dgram|tls|dns)['\"]\)|\bfrom ['\"](?:node:)?(?:https?|net)['\"]|\bXMLHttpRequest\b|\bWebSocket\b|"
         r"\bNet::HTTP\b|\bTCPSocket\b|\bopen-uri\b|\bURI\.open\b|\bLWP\b|\bIO::Socket\b|\bfsockopen\b|\bcurl_init\b|file_get_contents\(\s*['\"]https?:|\bWebClient\b|\bHttpClient\b|Invoke-(?:WebRequest|RestMethod)|\bHTTP::Tiny\b|\bsocket\.(?:tcp|connect)\b"),
        ("code-send", r"\.post\s*\(|\.put\s*\(|method['\"]?\s*[:=]\s*['\"](?:POST|PUT)|urlopen\([^)]*,\s*(?:data\s*=)?|\bdata\s*=\s*\S|\.sendall?\s*\(|\.sendmail\s*\(|\.send_message\(|\bUploadString\b|\bUploadFile\b|-Method\s+(?:Post|Put)|\.write\([^)]*\)\s*;?\s*\.?end\(|\.storbinary\(|Net::HTTP\.post|CURLOPT_POST"),
        ("code-delete", r"\bshutil\.rmtree\b|\bos\.(?:remove|unlink|rmdir|removedirs)\b|\.unlink\(\)|\bfs\.(?:rm|rmSync|rmdir|rmdirSync|unlink|unlinkSync|promises\.rm)\b|\brmSync\b|\brimraf\b|\bFileUtils\.rm\w*|\bFile\.delete\b|\bunlink\s*\(|\brmdir\s*\(|\brmtree\b|\bremove_tree\b|Remove-Item|IO\.(?:Directory|File)\]?(?:::|\.)Delete"),
        ("code-write", r"\bopen\s*\([^)]*,\s*(?:mode\s*=\s*)?['\"][waxr]?b?\+?[wax+]|\.write_(?:text|bytes)\s*\(|\bfs\.(?:writeFile|appendFile|createWriteStream|copyFile|rename|symlink|chmod)\w*|\bwriteFileSync\b|\bappendFileSync\b|\bFile\.(?:write|open\([^)]*['\"][wa])|\bfile_put_contents\b|\bshutil\.(?:copy|move)\w*|\bos\.(?:rename|replace|symlink|chmod|link)\b|Set-Content|Out-File|Add-Content|IO\.File\]?(?:::|\.)(?:Write|Append|Copy|Move|Replace)|open\s*\(\s*\w+\s*,\s*['\"]>"),
        ("code-read", r"\bopen\s*\(|\.read_(?:text|bytes)\s*\(|\breadFile(?:Sync)?\b|\bFile\.read\b|\bIO\.read\b|\bfile_get_contents\b|Get-Content|IO\.File\]?(?:::|\.)(?:Read|Open)|\bslurp\b"),
        ("code-decode", r"\b(?:exec|eval|compile|Function|instance_eval|assert|loadstring|load|iex|Invoke-Expression)\b\s*\(?[^\n]{0,200}?(?:b64decode|base64|decodebytes|a2b_\w+|fromhex|unhexlify|zlib\.decompress|codecs\.decode|atob|Buffer\.from|unescape|fromCharCode|decode64|unpack|gzinflate|str_rot13|FromBase64String|rot13|marshal\.loads|bytes\.fromhex|\.decode\(\s*['\"](?:hex|base64))|"
         r"(?:b64decode|atob|Buffer\.from\([^)]*base64|decode64|base64_decode|fromhex|FromBase64String|marshal\.loads)[^\n]{0,200}?\b(?:exec|eval|system|Function|iex)\b|\beval\s*\(\s*atob|\bpickle\.loads\b"),
        ("code-fetch-run", r"\b(?:exec|eval|compile|Function|instance_eval|runInThisContext|iex|Invoke-Expression)\b[^\n]{0,200}?(?:urlopen|requests\.get|urllib|httpx\.get|fetch\s*\(|https?://|open-uri|URI\.open|file_get_contents\(\s*['\"]https?|DownloadString|Net::HTTP|LWP|iwr|irm)|"
         r"(?:urlopen|requests\.get|fetch\s*\(|https?\.get|Net::HTTP\.get|DownloadString)[^\n]{0,400}?\b(?:exec|eval|Function|os\.system|subprocess|runInThisContext|iex)\b|\bDownloadFile\b[^\n]{0,200}(?:Start-Process|Invoke-Item|&)"),
        ("code-shell-socket", r"(?s)(?:require\(['\"](?:node:)?net['\"]\)|(?:socket|TCPSocket|net\.(?:connect|Socket|createConnection)|fsockopen|IO::Socket|tcp)\b).{0,600}?(?:dup2|pty\.spawn|/bin/(?:ba|z|da|k)?sh|cmd(?:\.exe)?['\"]|subprocess|child_process|exec\s*[\"'(]|spawn\s*\(|proc_open|shell_exec|\.pipe\()"),
        ("code-shell-socket", r"(?s)child_process.{0,400}?(?:net\.connect|net\.Socket|new\s+net|createConnection|require\(['\"]net['\"]\))|Net\.Sockets\.TCPClient"),
        ("code-environment", r"\bos\.environ\b(?!\s*(?:\[|\.get|\.setdefault|\.pop))|\bprocess\.env\b(?!\s*[.\[])|\bENV\b(?:\.to_a|\.inspect|\.each|\.to_h|\))|\bgetenv\(\s*\)|\$_ENV\b|\$ENV\b(?!\{)|%ENV\b|\bDeno\.env\.toObject|json\.dumps\(dict\(os\.environ"),
        ("code-native", r"\bctypes\b|\bcffi\b|\bVirtualAlloc|\bDllImport\b|\bffi-napi\b|\bFiddle\b|\bmmap\b.*PROT_EXEC|\bcreateRemoteThread|process\.binding|\bDeno\.dlopen|Add-Type"),
        ("listen", r"\.listen\s*\(|\bhttp\.server\b|\bHTTPServer\b|\bcreateServer\b|\bTCPServer\b|\bserve_forever\b|\.bind\s*\("),
        ("setuid", r"\bchmod\w*\s*\(?[^)\n]{0,120}?\b0?o?[46][0-7]{3}\b|S_ISUID"),
        ("fork-bomb", r"os\.fork\(\)\s+for\s|while\s*(?:True|1|\(1\)|true)\s*:?\s*\{?\s*(?:os\.)?fork\(|fork\s+while|\bfork\b.*while\s*(?:true|1)|(?:os\.fork\(\)\s*;?\s*){3,}"),
        ("watch-user", r"\bpynput\b|\bkeyboard\.(?:on_press|hook|record)|\bpyautogui\.screenshot|\bImageGrab\b|\bGetAsyncKeyState|\bpyperclip\.paste|\bmss\b\("),
        ("keychain-read", r"\bkeyring\.get_password|\bwin32crypt\b|CryptUnprotectData|ProtectedData\]?::Unprotect|Get-StoredCredential|GetNetworkCredential|PasswordVault|\bbrowser_cookie3\b|\bsecretstorage\b"),
        ("antivirus-off", r"(?i)amsi(?:utils|initfailed|scanbuffer|context)|EtwEventWrite|PSEtwLogProvider"),
        ("kill-all", r"os\.kill\(\s*-1\b|process\.kill\(\s*-1\b"),
    )
)  # fmt: skip
_ADDRESS = re.compile(r"\b(?:https?|wss?|ftp)://[^\s'\"`<>\\)\]}]{3,500}")
_CONNECT = re.compile(r"\(\s*\(?\s*['\"]([\w.-]+\.[\w.-]+|\d[\d.]+)['\"]\s*,\s*(?:['\"])?(\d{2,5})")
_PORT_FIRST = re.compile(r"\b(?:connect|createConnection|Socket)\s*\(\s*(\d{2,5})\s*,\s*['\"]([\w.-]+)['\"]")
_LITERAL = re.compile(r"'((?:[^'\\\n]|\\.){1,400})'|\"((?:[^\"\\\n]|\\.){1,400})\"|`([^`\n]{1,400})`")
_PATH = re.compile(
    r"(?:~|/|\.{1,2}[\\/]|[A-Za-z]:\\|\\\\|\$HOME|\$env:\w+|%[A-Z]+%)[^\s*?<>|]*|\.[a-z][\w.-]+(?:/[\w.-]+)*|[\w.-]+(?:/[\w.@-]+)+|[\w-]+\.(?:env|pem|key|json|ya?ml|toml|sh|py|db|sqlite)"
)
_HOME = re.compile(
    r"homedir\(\)|Path\.home\(\)|Dir\.home|expanduser\(\s*['\"]~/?['\"]\s*\)|process\.env\.(?:HOME|USERPROFILE)|"
    r"(?:ENV|environ)\[['\"]HOME['\"]\]"
)
_COMMAND = re.compile(
    r"(?:os\.system|os\.popen|subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|execSync|exec|spawnSync|execFileSync|system|shell_exec|passthru|popen|IO\.popen|do shell script|os\.execute|io\.popen|Kernel\.system)"
    r"\s*\(?\s*(?:\[\s*)?[frbu]?(?:'((?:[^'\\\n]|\\.){1,2000})'|\"((?:[^\"\\\n]|\\.){1,2000})\"|`([^`\n]{1,2000})`)"
)
_LIST = re.compile(
    r"(?:subprocess\.(?:run|call|check_call|check_output|Popen)|spawnSync|spawn|execFileSync|execFile|os\.exec[lv]\w*|os\.spawn[lv]\w*)\s*\(\s*(?:os\.P_\w+\s*,\s*)?(?:[\"']([^\"']{1,200})[\"']\s*,\s*)?[\[(]\s*((?:[\"'][^\"']{0,400}[\"']\s*,?\s*){1,30})[\])]"
)
_BACKTICK = re.compile(r"`([^`\n]{2,2000})`|%x[{(\[]([^\n]{1,2000}?)[})\]]|\bqx[/{(\[]([^\n]{1,2000}?)[/})\]]")


@lru_cache(maxsize=512)
def look(text: str, language: str = "") -> Code:
    """What is seen in the text. Linear; raises nothing."""
    part = text[:LONGEST]
    acts = {label for label, pattern in _ACTS if pattern.search(part)}
    if (
        language == "javascript"
        and "code-process" in acts
        and not re.search(r"child_process|execSync|spawn|Bun\.|Deno\.|execFile", part)
    ):
        # Template texts stand in the quotes that start processes elsewhere.
        acts.discard("code-process")
    addresses = [match[0].rstrip(".,;") for match in _ADDRESS.finditer(part)]
    addresses += [f"tcp://{match[1]}:{match[2]}" for match in _CONNECT.finditer(part)]
    addresses += [f"tcp://{match[2]}:{match[1]}" for match in _PORT_FIRST.finditer(part)]
    paths = []
    for match in _LITERAL.finditer(part):
        literal = match[1] or match[2] or match[3] or ""
        if "://" not in literal and _PATH.fullmatch(literal):
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
    for match in _HOME.finditer(part):
        # A home that is only the beginning of a longer path says nothing by itself.
        if not re.match(r"\s*\)?\s*[+/]", part[match.end() : match.end() + 8]) and not re.search(
            r"(?:join|resolve)\([^()]{0,40}(?:\([^()]*\)[^()]{0,20})?$",
            part[max(0, match.start() - 60) : match.start()],
        ):
            paths.append("~")
    return Code(
        frozenset(acts),
        tuple(dict.fromkeys(addresses))[:50],
        tuple(dict.fromkeys(paths))[:100],
        _commands(part, language),
    )


def _commands(text: str, language: str) -> tuple[str, ...]:
    found = [_unescaped(match[1] or match[2] or match[3] or "") for match in _COMMAND.finditer(text)]
    for match in _LIST.finditer(text):
        words = [first or second for first, second in re.findall(r"\"([^\"]*)\"|'([^']*)'", match[2])]
        if match[1] and words[:1] != [match[1]]:
            words = [match[1], *words]
        found.append(" ".join("'" + word.replace("'", "'\\''") + "'" for word in words))
    if language in ("perl", "ruby", "php", ""):
        found += [match[1] or match[2] or match[3] or "" for match in _BACKTICK.finditer(text)]
    return tuple(dict.fromkeys(text for text in found if text.strip()))[:20]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text)
