"""SHELL. Bundles in force: the last good one kept, its policy folder, approvals and advisories put where they count.

A bundle that is not for us, not signed by the pinned key, older than the one in force, or whose policy does not
validate is refused whole, and the one before stays. The policy folder is a link that is exchanged in one step; a folder
that was there before is put aside and comes back when the endpoint leaves its fleet. What somebody changes by hand in
what the server manages is put right.
Must not be here: fetching (`run`), the form of a bundle (`sync.bundle`), how approvals are joined (`sync.approvals`).
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from spawngate.endpoint import advisories
from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.daemon.disabled import bring_back
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.files import Unreadable, read
from spawngate.endpoint.launching import approvals
from spawngate.endpoint.launching.tools import ToolLists
from spawngate.endpoint.sync.enrolment import (
    APPLIED,
    BUNDLE,
    POLICIES,
    Enrolment,
    changing,
    folder,
    is_enrolled,
    load,
)
from spawngate.model.errors import SpawngateError, StateError
from spawngate.sync import approvals as joining
from spawngate.sync import bundle as bundles
from spawngate.sync.bundle import LARGEST, Bundle, BundleError, Opened
from spawngate.trail.note import NoteError, Verifier, read_verifier

ASIDE = "policy.before-enrolment"
CHECK_SECONDS = 60.0
MAX_APPLIED = 1 << 16

Fetch = Callable[[str], bytes]
"""The advisories of a digest."""


class Applied(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is in force."""

    serial: int = 0
    digest: str = ""
    """Of the bundle's line."""
    policy: str = ""
    """Name of the policy's folder; empty: the endpoint's own is in force."""
    advisories: str = ""
    mode: str = ""


def in_force(state: Path) -> Applied:
    """What was applied last; nothing where that cannot be read."""
    try:
        return msgspec.json.decode(read(str(folder(state) / APPLIED), MAX_APPLIED), type=Applied)
    except (Unreadable, StateError, msgspec.MsgspecError, ValueError):
        return Applied()


def held(state: Path, enrolment: Enrolment) -> Opened | None:
    """The last good bundle, verified anew; None where there is none."""
    try:
        data = read(str(folder(state) / BUNDLE), LARGEST)
        return opened(data, enrolment)
    except (Unreadable, StateError, BundleError):
        return None


def line(state: Path) -> bytes:
    """The line of the last good bundle. Raises StateError."""
    try:
        return read(str(folder(state) / BUNDLE), LARGEST).partition(b"\n")[0]
    except Unreadable:
        raise StateError("no bundle is held") from None


def opened(data: bytes, enrolment: Enrolment) -> Opened:
    """The bundle of these bytes, for this enrolment. Raises BundleError."""
    return bundles.opened(data, enrolment.endpoint, _verifier(enrolment))


def apply(state: Path, enrolment: Enrolment, data: bytes, fetch: Fetch, now: str) -> Applied:
    """Put a bundle in force. Raises BundleError: then nothing has changed; StateError: then it is to be tried again."""
    new = opened(data, enrolment)
    before = _followed(state, enrolment, new)
    records = _records(new.bundle, before, fetch)
    name = _policy(state, new.bundle)
    try:
        # What took its time is done. Whoever enrols or leaves meanwhile waits for no server.
        with changing(state):
            _check_same(state, enrolment)
            _followed(state, enrolment, new)
            replace(folder(state) / BUNDLE, data, 0o600)
            _exchange(state, name)
            join(state, new.bundle, now)
            if records is not None:
                _import(state, records)
            mode = "" if new.bundle.policy is None else new.bundle.policy.mode
            after = Applied(new.serial, new.digest, name, new.bundle.advisories, mode)
            _note(state, after)
            _tidy(state, name)
    except BaseException:
        _forget(state, name)
        raise
    return after


def renew(state: Path, enrolment: Enrolment, text: str) -> Opened:
    """Keep a fresh note under the line that is in force; what is in force. Raises BundleError: then nothing has
    changed; StateError: then it is to be tried again."""
    with changing(state):
        _check_same(state, enrolment)
        last = held(state, enrolment)
        if last is None:
            raise StateError("no bundle is held")
        data = line(state) + b"\n" + text.encode()
        new = opened(data, enrolment)
        before = _followed(state, enrolment, new)
        if (new.serial, new.issued) <= (last.serial, last.issued):
            return last  # what comes late, or again, makes nothing younger or older
        replace(folder(state) / BUNDLE, data, 0o600)
        _note(state, msgspec.structs.replace(before, serial=new.serial, digest=new.digest))
    return new


def mend(state: Path, enrolment: Enrolment, now: str) -> tuple[str, ...]:
    """Put right what somebody changed in what the server manages; what that was, in words. Raises StateError."""
    with changing(state):
        last = held(state, enrolment)
        return () if last is None or not is_enrolled(state) else _mended(state, last, now)


def _mended(state: Path, last: Opened, now: str) -> tuple[str, ...]:
    found: list[str] = []
    content = last.bundle
    if content.policy is not None:
        if not _is_in_force(state, content.policy.files):
            name = _write(state, content.policy.files)
            _exchange(state, name)
            _tidy(state, name)
            found.append("the policy that the server manages was changed here; it is as it was again")
    elif _linked(state):
        _exchange(state, "")
    if join(state, content, now):
        found.append("approvals of the server were changed here; they are as they were again")
    return tuple(found)


def stay(state: Path) -> None:
    """The same server gave another id: what is in force stays until the bundle of that one comes, which is no older.

    Raises StateError.
    """
    _note(state, msgspec.structs.replace(in_force(state), digest=""))


def leave(state: Path, now: str) -> None:
    """Give up what the server managed: the policy folder from before, and none of its approvals. Raises StateError."""
    _exchange(state, "")
    approvals.change(state, lambda held: joining.without_server(held, now))
    where = folder(state)
    for name in (BUNDLE, APPLIED):
        (where / name).unlink(missing_ok=True)
    _tidy(state, "")


def join(state: Path, content: Bundle, now: str) -> bool:
    """Join the approvals with those of a bundle; whether anything changed. Raises StateError."""
    before = approvals.load(state)
    after = approvals.change(state, lambda held: joining.joined(held, content.approvals, content.revoked, now))
    lists = ToolLists(state)
    for each in joining.fresh(before, after):
        lists.approve(each.identity.anywhere().fingerprint, now)
        if each.name:
            with contextlib.suppress(SpawngateError, OSError):
                bring_back(state, each.name)
    return after != before


def wanted(text: str, enrolment: Enrolment) -> str:
    """SHA-256, hex, of the line that a note is for. Raises BundleError."""
    return bundles.digest_of(text, enrolment.endpoint, _verifier(enrolment))


def _verifier(enrolment: Enrolment) -> Verifier:
    try:
        return read_verifier(enrolment.server_key)
    except NoteError:
        raise BundleError("the server's pinned key is none; enrol again") from None


def _followed(state: Path, enrolment: Enrolment, new: Opened) -> Applied:
    """What is in force, behind which `new` may come. Raises BundleError."""
    before, last = in_force(state), held(state, enrolment)
    # Whoever takes one of the two notes away does not make an older bundle acceptable.
    serial = max(before.serial, 0 if last is None else last.serial)
    bundles.follows(serial, before.digest if before.serial == serial else "", new)
    return before


def _check_same(state: Path, enrolment: Enrolment) -> None:
    there = load(state)
    if there is None or (there.endpoint, there.server_key) != (enrolment.endpoint, enrolment.server_key):
        raise StateError("the enrolment is another one now")


# Policy --------------------------------------------------------------------------------------------------------------


def _policy(state: Path, content: Bundle) -> str:
    """Name of the folder that holds a bundle's policy, written and checked. Raises BundleError, StateError."""
    if content.policy is None:
        return ""
    files = content.policy.files
    if _is_in_force(state, files):
        return _linked(state)
    name = _write(state, files)
    try:
        problem = _checked(folder(state) / POLICIES / name)
    except StateError:
        _forget(state, name)
        raise
    if problem:
        _forget(state, name)
        raise BundleError(f"the policy of the bundle cannot be used here: {problem}")
    return name


def _forget(state: Path, name: str) -> None:
    """Delete a policy folder that did not come in force: the next attempt writes its own."""
    if name and name != _linked(state):
        shutil.rmtree(folder(state) / POLICIES / name, ignore_errors=True)


def _write(state: Path, files: Mapping[str, str]) -> str:
    """Name of a new folder with these files. A new one each time: what is in force is never half of something."""
    digest = hashlib.sha256(msgspec.json.encode(dict(files), order="sorted")).hexdigest()[:16]
    name = f"{digest}-{secrets.token_hex(4)}"
    path = folder(state) / POLICIES / name
    try:
        path.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise StateError(f"{path} cannot be written ({error.strerror})") from None
    for each, text in files.items():
        replace(path / each, text.encode("utf-8", "replace"), 0o600)
    return name


def _is_in_force(state: Path, files: Mapping[str, str]) -> bool:
    linked = _linked(state)
    path = folder(state) / POLICIES / linked
    try:
        if not linked:
            return False
        if set(os.listdir(path)) != set(files):
            return False
        return all((path / name).read_bytes() == text.encode("utf-8", "replace") for name, text in files.items())
    except OSError:
        return False


def _checked(path: Path) -> str:
    """Why a policy folder cannot be used; empty where it can. In a process of its own: it needs the whole evaluation,
    and the process that speaks with the server stays small."""
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter with our own module
            [sys.executable, "-E", "-P", "-m", "spawngate", "policy", "check", os.fspath(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            timeout=CHECK_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise StateError("the policy of the bundle could not be checked") from None
    if done.returncode == 0:
        return ""
    told = done.stderr.decode("utf-8", "replace").strip().removeprefix("spawngate: ")
    return told.replace(f"{path}/", "")[:1_000] or "it does not validate"


def _linked(state: Path) -> str:
    """Name of the managed folder that is in force; empty where the endpoint's own is."""
    target = place(state).policy
    try:
        return Path(os.readlink(target)).name if target.is_symlink() else ""
    except OSError:
        return ""


def _exchange(state: Path, name: str) -> None:
    """Put a managed policy folder in force, in one step; for no name the endpoint's own again. Raises StateError."""
    target, aside = place(state).policy, state / ASIDE
    try:
        if not name:
            if target.is_symlink():
                target.unlink()
                if aside.is_dir():
                    os.rename(aside, target)
            return
        if _linked(state) == name:
            return
        fresh = state / f".new-policy-{os.getpid()}"
        fresh.unlink(missing_ok=True)
        os.symlink(os.path.join("sync", POLICIES, name), fresh)
        if target.is_dir() and not target.is_symlink():
            kept = aside
            while kept.exists():
                kept = kept.with_name(f"{kept.name}.old")
            os.rename(target, kept)
        os.replace(fresh, target)
    except OSError as error:
        raise StateError(f"{target} cannot be exchanged ({error.strerror})") from None


def _tidy(state: Path, name: str) -> None:
    """Delete the policy folders that are in force no more, but for the last one before."""
    where = folder(state) / POLICIES
    with contextlib.suppress(OSError):
        found = sorted((each.stat().st_mtime_ns, each) for each in where.iterdir() if each.name != name)
        for _, each in found[: -1 if name else None]:
            shutil.rmtree(each, ignore_errors=True)


# Advisories ----------------------------------------------------------------------------------------------------------


def _records(content: Bundle, before: Applied, fetch: Fetch) -> bytes | None:
    """The advisories that a bundle names, where they are not there yet. Raises BundleError."""
    if not content.advisories or content.advisories == before.advisories:
        return None
    found = fetch(content.advisories)
    if hashlib.sha256(found).hexdigest() != content.advisories:
        raise BundleError("the advisories are not those that the bundle names")
    return found


def _import(state: Path, records: bytes) -> None:
    path = folder(state) / "advisories.json"
    # One record a line becomes what `advisories import` reads.
    if records.lstrip()[:1] == b"{" and b"\n" in records.strip():
        records = b"[" + b",".join(line for line in records.splitlines() if line.strip()) + b"]"
    replace(path, records, 0o600)
    try:
        advisories.import_path(state, os.fspath(path))
    finally:
        path.unlink(missing_ok=True)


def _note(state: Path, applied: Applied) -> None:
    replace(folder(state) / APPLIED, msgspec.json.encode(applied) + b"\n", 0o600)
