"""Our script in front of an executable of others, where an agent runs only one file of a name (Cline).

Belongs here: the script's text, and finding the other executable in it again. Takes and returns text.
Must not be here: moving files (`apply`).
"""

import re
import shlex

_NEXT = re.compile(r"^# then: (.+)$", re.MULTILINE)


def chained_script(script: str, executable: str) -> str:
    """Our script, followed by the executable of others: it runs where ours has no objection, with the same event.

    `script` ends with a line `exec CLIENT`. A refusal of ours is printed and theirs is not asked.
    """
    head, _, command = script.rstrip("\n").rpartition("\nexec ")
    return (
        f"{head}\n"
        f"# then: {shlex.quote(executable)}\n"
        "event=$(/bin/cat; printf x) || exit 2\n"
        f'answer=$(printf %s "${{event%x}}" | {command})\n'
        "code=$?\n"
        'case "$code:$answer" in\n'
        "'0:' | '0:{}') ;;\n"
        '*) printf \'%s\\n\' "$answer"; exit "$code" ;;\n'
        "esac\n"
        f'printf %s "${{event%x}}" | {shlex.quote(executable)} "$@"\n'
    )


def next_executable(script: str) -> str:
    """The executable that a script of ours calls; empty where it calls none."""
    match = _NEXT.search(script)
    if match is None:
        return ""
    try:
        words = shlex.split(match.group(1))
    except ValueError:
        return ""
    return words[0] if len(words) == 1 else ""
