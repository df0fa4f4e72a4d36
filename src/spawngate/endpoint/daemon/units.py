"""SHELL. Files by which a system starts the daemon: systemd's user units with their socket, a system unit for what
looks after a whole machine, a launchd agent, and what Windows' service manager wants.

Belongs here: their text. The systemd units are tried in tests with systemd's own checkers; the launchd agent and the
Windows service are written from their manuals and untested.
Sources, read 2026-11: systemd.socket(5), systemd.service(5), systemd.exec(5) of systemd 252, launchd.plist(5).
"""

import os
import plistlib
import sys
from pathlib import Path
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr as xml_attribute

from spawngate.endpoint.daemon.place import place
from spawngate.model.errors import UsageError

NAME = "spawngate-daemon"
LABEL = "dev.spawngate.daemon"
SYSTEM_NAME = "spawngate"
SYSTEM_STATE = "/var/lib/spawngate"


def command(interpreter: str | None = None) -> tuple[str, ...]:
    """What starts the daemon: neither variables nor the working folder choose what is imported."""
    return (interpreter or sys.executable, "-E", "-P", "-m", "spawngate", "daemon", "run")


def systemd_units(state: Path, interpreter: str | None = None) -> dict[str, str]:
    """User units by file name. The socket exists from login on, and the first call starts the daemon.

    Raises UsageError where a path holds what a unit cannot.
    """
    where = place(state)
    # A dollar begins a variable in a command line and nowhere else in a unit.
    words = " ".join(_quoted(word).replace("$", "$$") for word in command(interpreter))
    return {
        f"{NAME}.socket": (
            "[Unit]\n"
            "Description=Spawngate decides about the tool calls of AI agents (socket)\n"
            "\n"
            "[Socket]\n"
            f"ListenStream={_specified(os.fspath(where.socket))}\n"
            "SocketMode=0600\n"
            "DirectoryMode=0700\n"
            "Backlog=128\n"
            "\n"
            "[Install]\n"
            "WantedBy=sockets.target\n"
        ),
        f"{NAME}.service": (
            "[Unit]\n"
            "Description=Spawngate decides about the tool calls of AI agents\n"
            f"Requires={NAME}.socket\n"
            f"After={NAME}.socket\n"
            "\n"
            "[Service]\n"
            "Type=notify\n"
            f"ExecStart={words}\n"
            "ExecReload=/bin/kill -HUP $MAINPID\n"
            f"Environment={_quoted('SPAWNGATE_STATE_DIR=' + os.fspath(where.state))}\n"
            "Restart=on-failure\n"
            "RestartSec=1\n"
            "UMask=0077\n"
            "NoNewPrivileges=yes\n"
            "LockPersonality=yes\n"
            "RestrictRealtime=yes\n"
            "MemoryHigh=512M\n"
            "OOMScoreAdjust=-100\n"
            "\n"
            "[Install]\n"
            f"Also={NAME}.socket\n"
            "WantedBy=default.target\n"
        ),
    }


def systemd_system_unit(interpreter: str | None = None) -> dict[str, str]:
    """A system unit by file name: the inventory of every home of the machine, and the fleet's server told of it.

    It decides about no user's calls (each user's own daemon does), so it may see much and change nothing but its own
    state. Run `spawngate enroll` with SPAWNGATE_STATE_DIR=/var/lib/spawngate.
    """
    words = " ".join(_quoted(word).replace("$", "$$") for word in command(interpreter))
    return {
        f"{SYSTEM_NAME}.service": (
            "[Unit]\n"
            "Description=Spawngate looks after the AI artifacts of this machine\n"
            "Wants=network-online.target\n"
            "After=network-online.target\n"
            "\n"
            "[Service]\n"
            "Type=notify\n"
            f"ExecStart={words}\n"
            "ExecReload=/bin/kill -HUP $MAINPID\n"
            f"Environment=SPAWNGATE_STATE_DIR={SYSTEM_STATE}\n"
            "StateDirectory=spawngate\n"
            "StateDirectoryMode=0700\n"
            "Restart=on-failure\n"
            "RestartSec=1\n"
            "UMask=0077\n"
            "MemoryHigh=512M\n"
            "TasksMax=256\n"
            "# Homes and processes of everybody are read; nothing but the state folder is written.\n"
            "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_PTRACE\n"
            "AmbientCapabilities=\n"
            "NoNewPrivileges=yes\n"
            "ProtectSystem=strict\n"
            "ProtectHome=read-only\n"
            "PrivateTmp=yes\n"
            "PrivateDevices=yes\n"
            "ProtectClock=yes\n"
            "ProtectControlGroups=yes\n"
            "ProtectHostname=yes\n"
            "ProtectKernelLogs=yes\n"
            "ProtectKernelModules=yes\n"
            "ProtectKernelTunables=yes\n"
            "LockPersonality=yes\n"
            "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n"
            "RestrictNamespaces=yes\n"
            "RestrictRealtime=yes\n"
            "RestrictSUIDSGID=yes\n"
            "SystemCallArchitectures=native\n"
            "SystemCallFilter=@system-service\n"
            "SystemCallErrorNumber=EPERM\n"
            "\n"
            "[Install]\n"
            "WantedBy=multi-user.target\n"
        ),
    }


def windows_service(state: str, interpreter: str | None = None) -> dict[str, str]:
    """The configuration of WinSW, which makes a service of a program, by file name. Untested.

    Source: WinSW 2, doc/xmlConfigFile.md (https://github.com/winsw/winsw), read 2026-11.
    """
    program, *words = command(interpreter)
    argument = " ".join(words)
    return {
        "spawngate.xml": (
            "<service>\n"
            "  <id>spawngate</id>\n"
            "  <name>Spawngate</name>\n"
            "  <description>Spawngate looks after the AI artifacts of this machine</description>\n"
            f"  <executable>{xml(program)}</executable>\n"
            f"  <arguments>{xml(argument)}</arguments>\n"
            f'  <env name="SPAWNGATE_STATE_DIR" value={xml_attribute(state)}/>\n'
            '  <onfailure action="restart" delay="1 sec"/>\n'
            "  <stoptimeout>15 sec</stoptimeout>\n"
            "</service>\n"
        )
    }


def launchd_agent(state: Path, interpreter: str | None = None) -> dict[str, str]:
    """A launchd agent by file name. Untested: it starts the daemon at login and again when it fails; no socket."""
    where = place(state)
    document = {
        "Label": LABEL,
        "ProgramArguments": list(command(interpreter)),
        "EnvironmentVariables": {"SPAWNGATE_STATE_DIR": os.fspath(where.state)},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ProcessType": "Interactive",
        "Umask": 0o077,
    }
    return {f"{LABEL}.plist": plistlib.dumps(document).decode()}


def _quoted(word: str) -> str:
    """A word of a list in a unit."""
    escaped = _specified(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if any(sign in escaped for sign in " \t'\"\\;") else escaped


def _specified(text: str) -> str:
    if any(ord(sign) < 32 for sign in text):
        raise UsageError(f"{text!r} cannot stand in a systemd unit; use a path without control characters")
    return text.replace("%", "%%")
