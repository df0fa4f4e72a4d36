"""Which calls start programs, by language, as a table.

Sources: the standard libraries' references: nodejs.org/api/child_process.html, Bun.spawn and Deno.Command pages, zx
README; perlfunc (system, exec, readpipe); Ruby Kernel, IO.popen, Open3; php.net program execution functions; Lua
manual os.execute, io.popen; java.lang.Runtime and ProcessBuilder; R system and system2; Emacs Lisp manual
(Synchronous Processes); Julia run; Elixir System.cmd; exec(3), popen(3); Go os/exec; Rust std::process; .NET
Process.Start.
Must not be here: how calls are found (`code_text`).
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calls:
    """Which calls of a language start programs. Names are the last part of a dotted name, or the whole of it."""

    text: frozenset[str] = frozenset()
    """The first argument is a line for a shell; with more texts behind it they are words."""
    words: frozenset[str] = frozenset()
    """The arguments are words, lists among them taken apart."""
    line: frozenset[str] = frozenset()
    """The only text is parted by blanks into words; several are words."""
    code: frozenset[str] = frozenset()
    """The argument is code of the same language."""
    bare: bool = False
    """Calls may do without parentheses (`system "ls"`)."""
    owned: frozenset[str] = frozenset()
    """Names of `text` that count only bare, or behind an owner that is known."""
    owners: re.Pattern[str] | None = None
    ticks: str = ""
    """What backticks are: `shell`, or empty for something else."""
    skip: int = 0
    """Arguments in front of the program (`start-process NAME BUFFER PROGRAM`)."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANGUAGES: dict[str, Calls] = {
    "javascript": Calls(
        text=_set("exec Run Exec doShellScript execSync execCommand $sync execaCommand execaCommandSync shelljs.exec"),
        words=_set("spawn spawnSync execFile execFileSync execa execaSync Bun.spawn Bun.spawnSync Deno.run"
            " Deno.Command crossSpawn"),
        code=_set("eval Function runInNewContext runInThisContext runInContext"),
        owned=_set("exec Run Exec"),
        owners=re.compile(r"child_?process|^cp$|shell(?:js)?$|^proc(?:ess)?$|getRuntime|WScript\.Shell", re.IGNORECASE),
    ),
    "perl": Calls(text=_set("system exec readpipe"), code=_set("eval"), bare=True, ticks="shell"),
    "ruby": Calls(
        text=_set("system exec spawn popen capture2 capture2e capture3 popen2 popen2e popen3 pipeline Kernel.system"
            " Process.spawn IO.popen PTY.spawn"),
        code=_set("eval instance_eval class_eval"),
        bare=True,
        ticks="shell",
    ),
    "php": Calls(
        text=_set("system exec shell_exec passthru popen proc_open"),
        words=_set("pcntl_exec"),
        code=_set("eval assert create_function"),
        ticks="shell",
    ),
    "lua": Calls(text=_set("os.execute io.popen vim.fn.system vim.fn.jobstart vim.fn.termopen"
        " execute"), code=_set("load loadstring dostring"), bare=True),
    "awk": Calls(text=_set("system")),
    "java": Calls(line=_set("getRuntime.exec exec"), words=_set("ProcessBuilder command")),
    "groovy": Calls(line=_set("getRuntime.exec exec"), words=_set("ProcessBuilder command")),
    "scala": Calls(line=_set("getRuntime.exec exec Process"), words=_set("ProcessBuilder Seq")),
    "kotlin": Calls(line=_set("getRuntime.exec exec"), words=_set("ProcessBuilder")),
    "r": Calls(text=_set("system shell pipe"), words=_set("system2 processx.run")),
    "matlab": Calls(text=_set("system shell_cmd unix dos popen"), words=_set("exec popen2")),
    "julia": Calls(code=_set("Meta.parse"), ticks="shell"),
    "elixir": Calls(words=_set("System.cmd"), text=_set("System.shell os.cmd"), code=_set("Code.eval_string")),
    "erlang": Calls(text=_set("os:cmd"), ),
    "haskell": Calls(text=_set("callCommand system spawnCommand readCreateProcess shell"), words=_set("callProcess"
        " rawSystem readProcess"), bare=True),
    "ocaml": Calls(text=_set("Sys.command Unix.system Unix.open_process_in"), words=_set("Unix.execv"
        " Unix.execvp"), bare=True),
    "nim": Calls(text=_set("execCmd execShellCmd execCmdEx"), words=_set("execProcess startProcess"), bare=True),
    "crystal": Calls(text=_set("system"), words=_set("Process.run Process.exec"), bare=True, ticks="shell"),
    "dart": Calls(words=_set("Process.run Process.runSync Process.start")),
    "c": Calls(text=_set("system popen"), words=_set("execl execlp execle execv execvp execve posix_spawn"
        " posix_spawnp")),
    "go": Calls(words=_set("exec.Command exec.CommandContext syscall.Exec os.StartProcess")),
    "rust": Calls(words=_set("Command.new")),
    "csharp": Calls(words=_set("Process.Start")),
    "swift": Calls(text=_set("system")),
}  # fmt: skip
LISP = {
    "lisp": (
        _set("shell-command shell-command-to-string async-shell-command call-process-shell-command compile term"
            " ansi-term start-process-shell-command eshell-command process-file-shell-command uiop:run-program"
            " ext:run-shell-command"
            " run-shell-command"),
        _set("call-process start-process process-lines make-process call-process-region run-program"
            " sb-ext:run-program"),
    ),
    "scheme": (_set("system process process/text"), _set("system* process*")),
    "clojure": (_set(""), _set("sh clojure.java.shell/sh shell babashka.process/shell process")),
}  # fmt: skip
LANGUAGES |= {name: Calls(text=text, words=words) for name, (text, words) in LISP.items()}
