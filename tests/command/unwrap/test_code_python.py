"""Programs that Python code starts by constant text."""

import pytest

from spawngate.command.unwrap.code import shell_outs
from tests.command.unwrap.shown import show_inner

CASES: dict[str, dict[str, list[str]]] = {
    "python": {
        "import os; os.system('rm x')": ["$ rm x"],
        "from os import system as s; s('rm x')": ["$ rm x"],
        'import os as o; o.popen("rm x").read()': ["$ rm x"],
        "__import__('os').system('rm x')": ["$ rm x"],
        "import importlib; importlib.import_module('os').system('rm x')": ["$ rm x"],
        "getattr(__import__('os'),'sys'+'tem')('rm x')": ["$ rm x"],
        "import subprocess; subprocess.run(['rm','-rf','x'])": ["rm -rf x"],
        "import subprocess; subprocess.run('rm x', shell=True)": ["$ rm x"],
        "import subprocess; subprocess.run('rm x')": ["'rm x'"],
        "import subprocess as sp; sp.Popen(['sh','-c','rm x'])": ["sh -c 'rm x'"],
        "from subprocess import *; check_output('rm x',shell=True)": ["$ rm x"],
        "from subprocess import run; run(args=['rm','x'])": ["rm x"],
        "import subprocess; subprocess.call(['rm x'], shell=True)": ["$ rm x"],
        "import subprocess; subprocess.getoutput('rm x')": ["$ rm x"],
        "import os; os.execvp('rm',['rm','x'])": ["rm x"],
        "import os; os.execl('/bin/sh','sh','-c','rm x')": ["/bin/sh -c 'rm x'"],
        "import os; os.spawnlp(os.P_WAIT,'rm','rm','x')": ["rm x"],
        "import os; os.posix_spawn('/bin/rm',['rm','x'],os.environ)": ["/bin/rm x"],
        "import pty; pty.spawn('/bin/sh')": ["/bin/sh"],
        "import pty; pty.spawn(['sh','-c','rm x'])": ["sh -c 'rm x'"],
        "import os; os.system(f'rm {x}')": ["$ rm $_"],
        "import os; c='rm'; os.system(c+' x')": ["$ rm x"],
        "import os; os.system('rm %s' % 'x')": ["$ rm x"],
        "import os; os.system('rm {}'.format('x'))": ["$ rm x"],
        "import os; os.system('{0} {1}'.format('rm','x'))": ["$ rm x"],
        "import os; os.system(' '.join(['rm','x']))": ["$ rm x"],
        "import os,base64; os.system(base64.b64decode('cm0geA==').decode())": ["$ rm x"],
        "exec(__import__('base64').b64decode('aW1wb3J0IG9zOyBvcy5zeXN0ZW0oJ3JtIHgnKQ=='))": ["$ rm x"],
        "exec(\"import os; os.system('rm x')\")": ["$ rm x"],
        "eval(\"__import__('os').system('rm x')\")": ["$ rm x"],
        "import os; os.system('x mr'[::-1])": ["$ rm x"],
        "import os; os.system(bytes.fromhex('726d2078').decode())": ["$ rm x"],
        "import os,codecs; os.system(codecs.decode('ez k','rot13'))": ["$ rm x"],
        "import os; os.system(x)": [],
        "import os; os.system(x + ' y')": ["$ $_ y | opaque=code"],
        "import asyncio; asyncio.run(asyncio.create_subprocess_shell('rm x'))": ["$ rm x"],
        "import asyncio; asyncio.create_subprocess_exec('rm','x')": ["rm x"],
        "import ctypes; ctypes.CDLL(None).system(b'rm x')": ["$ rm x"],
        "import platform; print(platform.system())": [],
        "import shlex,subprocess; subprocess.run(shlex.split('rm x'))": ["rm x"],
        "print('os.system(\"rm x\")')": [],
        "# os.system('rm x')": [],
        "not python at all {": [],
        "import os, sys; sys.modules['os'].system('rm x')": ["$ rm x"],
        "import os; os.__dict__['system']('rm x')": ["$ rm x"],
        "f=__import__('os').system; f('rm x')": ["$ rm x"],
        "import subprocess; subprocess.run(['rm', *files])": ["rm ~'$_'"],
        "import subprocess; subprocess.run([sys.executable, '-c', 'x'])": ["python -c x"],
        "import os; os.system(chr(114)+chr(109)+' x')": ["$ rm x"],
        "import os; [os.system(c) for c in ['rm x']]": [],
        "import pexpect; pexpect.run('rm x')": ["$ rm x"],
        'import os; os.system("rm x" if 1 else "y")': ["$ rm x"],
    },
    "ipython": {
        "!rm x": ["$ rm x"],
        "x = !rm x": ["$ rm x"],
        "%sx rm x": ["$ rm x"],
        "%timeit 1": [],
    },
}


@pytest.mark.parametrize(
    ("language", "code"), [(language, code) for language, codes in CASES.items() for code in codes]
)
def test_what_it_starts(language: str, code: str) -> None:
    assert [show_inner(inner) for inner in shell_outs(code, language)] == CASES[language][code]
