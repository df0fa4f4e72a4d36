"""A real rsyslogd on loopback: octet-counted TCP or TLS in, one line a message in a file out."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.server.deliver.authority import Authority

PROGRAM = shutil.which("rsyslogd") or ("/usr/sbin/rsyslogd" if os.access("/usr/sbin/rsyslogd", os.X_OK) else "")
MODULES = (
    "/usr/lib/x86_64-linux-gnu/rsyslog",
    "/usr/lib/aarch64-linux-gnu/rsyslog",
    "/usr/lib64/rsyslog",
    "/usr/lib/rsyslog",
)
HAS_TLS = any(os.path.exists(f"{folder}/lmnsd_gtls.so") for folder in MODULES)
_TLS = """
  StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="{mode}"
"""
_CONFIGURATION = """
global(workDirectory="{folder}" maxMessageSize="64k" {files})
module(load="imtcp" {tls})
template(name="whole" type="list") {{
  property(name="hostname") constant(value="|") property(name="app-name") constant(value="|")
  property(name="msgid") constant(value="|") property(name="structured-data") constant(value="|")
  property(name="msg") constant(value="\\n")
}}
input(type="imtcp" address="127.0.0.1" port="{port}" ruleset="in")
ruleset(name="in" queue.type="linkedList" queue.size="200000" queue.timeoutShutdown="20000") {{
  action(type="omfile" file="{out}" template="whole" asyncWriting="off")
}}
"""


class Rsyslog:
    """One receiver. `start`, `stop` and `start` again keep the port and the file."""

    def __init__(self, folder: Path, *, tls: Authority | None = None, clients: bool = False) -> None:
        """`clients`: only those with a certificate of the same authority are served."""
        folder.mkdir(parents=True, exist_ok=True)
        self.out = folder / "out.log"
        self._folder, self._tls = folder, tls
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        files = ""
        if tls is not None:
            certificate, key = tls.files("127.0.0.1")
            names = {"CAFile": tls.ca_file, "CertFile": certificate, "KeyFile": key}
            files = " ".join(f'DefaultNetstreamDriver{name}="{path}"' for name, path in names.items())
        self._configuration = folder / "rsyslog.conf"
        self._configuration.write_text(
            _CONFIGURATION.format(
                folder=folder,
                files=files,
                tls=_TLS.format(mode="x509/certvalid" if clients else "anon") if tls is not None else "",
                port=self.port,
                out=self.out,
            ),
            encoding="utf-8",
        )

    def start(self) -> None:
        """Start and wait until it listens."""
        arguments = ["-n", "-f", str(self._configuration), "-i", str(self._folder / "pid")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, *arguments], stdout=log, stderr=log)
        end = time.monotonic() + 15
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                assert time.monotonic() < end, (self._folder / "log").read_text()
                assert self._process.poll() is None, (self._folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """End as its service manager does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)
            self._process = None

    def lines(self) -> list[str]:
        """What has arrived."""
        return self.out.read_text(encoding="utf-8").splitlines() if self.out.exists() else []
