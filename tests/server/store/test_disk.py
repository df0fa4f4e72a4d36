"""A disk that is full, and one that may only be read: nothing of a batch is stored, the answer says why, and everything
goes on by itself when there is room again. In a file system of its own, which needs `unshare` of util-linux."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, os, subprocess, sys
from datetime import timedelta
from pathlib import Path
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import StoreError
from spawngate.server.store.verify import verify_store
from tests.server.store.conformance import DAY, Source

disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs", disk], check=True)
said = []
filler = disk / "filler"
filler.write_bytes(b"x" * (2 << 20))
source, stored, failed = Source(), 0, None
moment = [DAY]
store = EmbeddedStore(disk / "store", clock=lambda: moment[0])
while failed is None:
    batch = [source.entry(DAY, message=os.urandom(300).hex()) for _ in range(50)]
    try:
        store.events.append(batch)
        stored += len(batch)
    except StoreError as error:
        failed = batch
        said.append(type(error).__name__)
for _ in range(3):
    try:
        store.events.append(failed)
    except StoreError as error:
        said.append(type(error).__name__)
    try:
        store.upkeep()
    except StoreError as error:
        said.append(type(error).__name__)
assert store.events.stats().problem.endswith("there is no room on the disk"), store.events.stats().problem
assert store.events.tree("2026-11-19").size == stored
assert len(store.events.query(None, limit=10000).entries) == stored
filler.unlink()
assert store.events.append(failed).stored == len(failed)
stored += len(failed)
store.upkeep()
assert verify_store(disk / "store").findings == (), verify_store(disk / "store").findings
more = source.entries(5, DAY)
subprocess.run(["sync", "-f", disk], check=True)
store.close()
subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
try:
    EmbeddedStore(disk / "store")
except StoreError as error:
    said.append(type(error).__name__)
assert verify_store(disk / "store").findings == (), verify_store(disk / "store").findings
subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
with EmbeddedStore(disk / "store", clock=lambda: moment[0]) as store:
    store.events.append(more)
    stored += 5
    assert len([e for e in store.events.query(None, limit=10000).entries if e.endpoint == "laptop"]) == stored
assert verify_store(disk / "store").findings == ()
print(json.dumps([stored, sorted(set(said))]))
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare (util-linux) is not installed")
def test_a_full_disk_and_a_read_only_one(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    command = ["unshare", "--mount", *(["--map-root-user"] if os.getuid() else [])]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody have mounts of their own")
    done = subprocess.run(
        [*command, sys.executable, "-c", SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr
    stored, said = json.loads(done.stdout)
    assert stored > 100
    assert said == ["StoreFullError", "StoreReadOnlyError"]
