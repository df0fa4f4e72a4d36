"""Programs that the small languages of editors and tools start."""

import pytest

from spawngate.command.unwrap.code import shell_outs
from tests.command.unwrap.shown import show_inner

CASES: dict[str, dict[str, list[str]]] = {
    "vim": {
        "!rm x": ["$ rm x"],
        ":!rm x": ["$ rm x"],
        "%!rm x": ["$ rm x"],
        "1,5!rm x": ["$ rm x"],
        "'<,'>!rm x": ["$ rm x"],
        "r !rm x": ["$ rm x"],
        "w !rm x": ["$ rm x"],
        "w! x": [],
        "wq!": [],
        "Lazy! sync": [],
        "r!rm x": ["$ rm x"],
        "silent! !rm x": ["$ rm x"],
        "exe '!rm x'": ["$ rm x"],
        'execute "normal x"': [],
        "normal ihello!": [],
        "call system('rm x')": ["$ rm x"],
        'echo system("rm x")': ["$ rm x"],
        'py3 import os; os.system("rm x")': ["$ rm x"],
        'lua os.execute("rm x")': ["$ rm x"],
        "terminal rm x": ["$ rm x"],
        "term ++close rm x": ["$ rm x"],
        "%s/a/b!c/": [],
        "g/x/d": [],
        ":ru! x": [],
        "let x = py3eval(\"__import__('os').system('rm x')\")": ["$ rm x"],
        "set makeprg=rm\\ x | make": ["$ rm x"],
    },
    "gdb": {
        "!rm x": ["$ rm x"],
        "shell rm x": ["$ rm x"],
        'python import os; os.system("rm x")': ["$ rm x"],
        "pipe info line | rm x": ["$ rm x"],
        "print 1": [],
    },
    "make": {
        "$(shell rm x)": ["$ rm x"],
        "X := $(shell rm x)": ["$ rm x"],
        "all:; rm x": ["$ rm x"],
        "all: a b ; @rm x": ["$ rm x"],
        "X != rm x": ["$ rm x"],
        "X = a": [],
    },
    "crontab": {
        "* * * * * rm x": ["$ rm x | background repeated"],
        "*/5 0 1,2 * mon-fri rm x": ["$ rm x | background repeated"],
        "@reboot rm x": ["$ rm x | background repeated"],
        "# * * * * * rm x": [],
        "MAILTO=x": [],
        "0 0 * * * rm x%input": ["$ rm x | background repeated"],
        "0 0 * * * date +\\%F": ["$ date +%F | background repeated"],
    },
    "tcl": {
        "exec rm x": ["$ rm x"],
        "spawn rm x": ["$ rm x"],
        'exec sh -c "rm x"': ['$ sh -c "rm x"'],
        "spawn sh -c {rm x; ls}": ["$ sh -c 'rm x; ls'"],
        "set x [exec rm x]": ["$ rm x"],
        'open "|rm x"': ["$ rm x"],
        "system rm x": ["$ rm x"],
        "exec -ignorestderr rm x >@ stdout": ["$ rm x"],
        'puts "exec"': [],
        "spawn -noecho rm x": ["$ rm x"],
    },
    "applescript": {
        'do shell script "rm x"': ["$ rm x"],
        'do shell script "rm \\"x\\"" with administrator privileges': ['$ rm "x" | user=root'],
        'do shell script "rm " & x': ["$ rm $_"],
        'display dialog "rm"': [],
    },
    "vbscript": {
        'CreateObject("WScript.Shell").Run "rm x"': ["cmd$ rm x"],
        'CreateObject("WScript.Shell").Exec("rm ""x""")': ['cmd$ rm "x"'],
    },
    "psql": {
        "\\! rm x": ["$ rm x"],
        "select 1; \\! rm x": ["$ rm x"],
        "COPY t FROM PROGRAM 'rm ''x'' y';": ["$ rm 'x' y"],
        "\\g |rm x": ["$ rm x"],
    },
    "sqlite": {
        ".shell rm x": ["$ rm x"],
        ".system rm x": ["$ rm x"],
        '.import "|rm x" t': ["$ rm x"],
        "select 1;": [],
    },
    "mysql": {
        "system rm x": ["$ rm x"],
        "\\! rm x": ["$ rm x"],
        "select 'system rm';": [],
    },
    "mssql": {
        "exec xp_cmdshell 'rm x'": ["cmd$ rm x"],
        "EXEC master..xp_cmdshell N'rm x'": ["cmd$ rm x"],
    },
    "ftp": {
        "!rm x": ["$ rm x"],
        "get !x": [],
    },
    "lftp": {
        "!rm x": ["$ rm x"],
        "shell rm x": ["$ rm x"],
    },
    "ed": {
        "!rm x": ["$ rm x"],
        "r !rm x": ["$ rm x"],
        "w x": [],
    },
    "dc": {
        "!rm x": ["$ rm x"],
        "1 2 + p": [],
        "1 2 !<a": [],
    },
    "gnuplot": {
        "!rm x": ["$ rm x"],
        'system("rm x")': ["$ rm x"],
        'plot "< rm x"': ["$ rm x"],
        "plot sin(x)": [],
    },
    "rpm": {
        "%(rm x)": ["$ rm x"],
        "%{name}": [],
    },
    "tex": {
        "\\immediate\\write18{rm x}": ["$ rm x"],
        "\\write18{rm x}": ["$ rm x"],
        '\\input|"rm x"': ["$ rm x"],
    },
    "puppet": {
        "exec { '/bin/rm x': }": ["$ /bin/rm x"],
        "exec { 'a': command => 'rm x' }": ["$ rm x"],
    },
    "lldb": {
        "platform shell rm x": ["$ rm x"],
        'script import os; os.system("rm x")': ["$ rm x"],
    },
    "less": {
        "!rm x": ["$ rm x"],
    },
    "m4": {
        "syscmd(`rm x')": ["$ rm x"],
        "esyscmd(rm x)": ["$ rm x"],
        "define(x)": [],
    },
    "postscript": {
        "(%pipe%rm x) (w) file": ["$ rm x"],
    },
    "bpftrace": {
        'BEGIN { system("rm x"); }': ["$ rm x"],
    },
}


@pytest.mark.parametrize(
    ("language", "code"), [(language, code) for language, codes in CASES.items() for code in codes]
)
def test_what_it_starts(language: str, code: str) -> None:
    assert [show_inner(inner) for inner in shell_outs(code, language)] == CASES[language][code]
