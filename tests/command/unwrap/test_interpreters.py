"""Interpreters and the code in their arguments."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "perl -e 'system(\"rm x\")'": ["perl", 'perl> system("rm x")', "$ rm x"],
    "perl -ne 'print' f": ["perl", "perl> print | (f)"],
    "perl -pi.bak -e 's/a/b/' f": ["perl", "perl> s/a/b/ | (f)"],
    "perl -lane 'print $F[0]' f": ["perl", "perl> print $F[0] | (f)"],
    "perl -0777ne 'print' f": ["perl", "perl> print | (f)"],
    "perl -e 'system' -e '(\"rm x\")'": ["perl", 'perl> system\n("rm x")', "$ rm x"],
    "perl -MPOSIX -e 'print 1'": ["perl", "perl> print 1"],
    "perl '-MPOSIX;system(\"rm x\")' -e 1": ["perl", 'perl> use POSIX;system("rm x");\n1', "$ rm x"],
    "perl -E 'say `rm x`'": ["perl", "perl> say `rm x`", "$ rm x"],
    "perl x.pl": None,
    "perl": ["perl", "< perl | opaque=input"],
    "perl -v": None,
    "perl -Ilib -we 'print 1'": ["perl", "perl> print 1"],
    "ruby -e 'system(\"rm x\")'": ["ruby", 'ruby> system("rm x")', "$ rm x"],
    "ruby -ne 'print' f": ["ruby", "ruby> print | (f)"],
    "ruby -rjson -e 'puts 1'": ["ruby", "ruby> puts 1"],
    "ruby x.rb": None,
    "ruby": ["ruby", "< ruby | opaque=input"],
    "ruby --version": None,
    "php -r 'system(\"rm x\");'": ["php", 'php> system("rm x");', "$ rm x"],
    "php --run 'system(\"rm x\");'": ["php", 'php> system("rm x");', "$ rm x"],
    "php x.php": None,
    "php -S localhost:80": None,
    "php": ["php", "< php | opaque=input"],
    "php -v": None,
    "php -B 'system(\"rm x\");' -R 'echo 1;'": ["php", 'php> system("rm x");\necho 1;', "$ rm x"],
    "php -d 'auto_prepend_file=data:text/plain,<?php system(\"rm x\");' x.php": [
        "php",
        'php> data:text/plain,<?php system("rm x"); | (x.php)',
        "$ rm x",
    ],
    "lua -e 'os.execute(\"rm x\")'": ["lua", 'lua> os.execute("rm x")', "$ rm x"],
    "lua5.4 -e 'io.popen(\"rm x\")' x.lua": ["lua5.4", 'lua> io.popen("rm x") | (x.lua)', "$ rm x"],
    "lua": ["lua", "< lua | opaque=input"],
    "osascript -e 'do shell script \"rm x\"'": ["osascript", 'applescript> do shell script "rm x"', "$ rm x"],
    "osascript -e 'do shell script \"rm x\" with administrator privileges'": [
        "osascript",
        'applescript> do shell script "rm x" with administrator privileges',
        "$ rm x | user=root",
    ],
    "osascript x.scpt": None,
    "Rscript -e 'system(\"rm x\")'": ["rscript", 'r> system("rm x")', "$ rm x"],
    "R -e 'system(\"rm x\")'": ["r", 'r> system("rm x")', "$ rm x"],
    "julia -e 'run(`rm x`)'": ["julia", "julia> run(`rm x`)", "$ rm x"],
    'elixir -e \'System.cmd("rm", ["x"])\'': ["elixir", 'elixir> System.cmd("rm", ["x"])', "rm x"],
    "groovy -e '\"rm x\".execute()'": ["groovy", 'groovy> "rm x".execute()', "rm x"],
    "tclsh": ["tclsh", "< tcl | opaque=input"],
    "expect -c 'spawn rm x'": ["expect", "tcl> spawn rm x", "$ rm x"],
    "expect -c 'spawn sh -c {rm x; ls}'": ["expect", "tcl> spawn sh -c {rm x; ls}", "$ sh -c 'rm x; ls'"],
    "expect x.exp": None,
    "expect -": ["expect", "< tcl | (-) opaque=input"],
    "guile -c '(system \"rm x\")'": ["guile", 'scheme> (system "rm x")', "$ rm x"],
    "erl -eval 'os:cmd(\"rm x\").'": ["erl", 'erlang> os:cmd("rm x").', "$ rm x"],
    "jshell": ["jshell", "< java | opaque=input"],
    "jrunscript -e 'java.lang.Runtime.getRuntime().exec(\"rm x\")'": [
        "jrunscript",
        'javascript> java.lang.Runtime.getRuntime().exec("rm x")',
        "$ rm x",
    ],
    "ocaml -e 'Sys.command \"rm x\"'": ["ocaml", 'ocaml> Sys.command "rm x"', "$ rm x"],
    "ghc -e 'System.Process.callCommand \"rm x\"'": ["ghc", 'haskell> System.Process.callCommand "rm x"', "$ rm x"],
    'mshta \'javascript:new ActiveXObject("WScript.Shell").Run("rm x")\'': [
        "mshta",
        'javascript> new ActiveXObject("WScript.Shell").Run("rm x")',
        "$ rm x",
    ],
    "swift -e 'system(\"rm x\")'": ["swift", 'swift> system("rm x")', "$ rm x"],
    "ruby -v": None,
    'ruby -we \'exec(*["rm", "x"])\'': ["ruby", 'ruby> exec(*["rm", "x"])', "rm x"],
    "osascript -l JavaScript -e 'app.doShellScript(\"rm x\")'": [
        "osascript",
        'javascript> app.doShellScript("rm x")',
        "$ rm x",
    ],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
