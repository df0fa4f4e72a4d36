"""The table of places that are known by their paths, whatever agent is at work.

Belongs here: the reading of the table, `data/places.toml`, which says how its rows are written, and names that are
known wherever they stand.
Must not be here: agents' own files (`command.agent_places`), and matching (`command.places`).
Sources: the manual pages of ssh, gpg, aws, gcloud, kubectl, docker, npm, pip, cargo, gem, maven, gradle, git, bash,
zsh, fish, crontab, systemd, launchd.plist; https://specifications.freedesktop.org/autostart-spec; learn.microsoft.com
on start-up folders and scheduled tasks; MITRE ATT&CK T1552, T1555, T1546, T1547, T1543, T1053.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from spawngate.launch.argv import word_set

KNOWN: Mapping[str, tuple[str, ...]] = {
    label: tuple(rows)
    for label, rows in tomllib.loads(
        files("spawngate.command").joinpath("data", "places.toml").read_text(encoding="utf-8")
    ).items()
}
"""Templates of paths by class of place."""

DISPOSABLE = word_set("""
        node_modules dist build out target .next .nuxt .output .svelte-kit .turbo .parcel-cache .cache
        __pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nox .venv venv env .eggs htmlcov coverage
        .nyc_output .gradle .terraform .serverless .angular .vite .webpack bin obj deriveddata .dart_tool .expo
        tmp temp logs log .ipynb_checkpoints vendor pods cmake-build-debug cmake-build-release _build
        .docusaurus .vercel .netlify storybook-static public/build site test-results playwright-report
        .hypothesis .coverage .stack-work elm-stuff bower_components .bundle zig-cache .zig-cache buck-out
        bazel-bin bazel-out .astro artifacts caches trash
    """)
"""Names of folders that the next build or install makes anew."""

HARMLESS_NAMES = frozenset({".cache", "downloads", ".npm", ".trash", "tmp", "temp", ".local", "go"})
"""Names directly below a home whose loss costs little, or below which things are judged one by one."""

TOP_FOLDERS = word_set("""
        bin boot dev etc home lib lib32 lib64 libx32 media mnt nix opt proc root run sbin snap srv sys usr var
        system library applications private volumes cores windows programdata recovery perflogs
    """) | {"program files", "program files (x86)", "system volume information", "$recycle.bin"}
"""Folders directly below the root that belong to the system."""

DEVICES = word_set("""
        null stdout stderr stdin tty zero full random urandom fd ptmx pts console tcp udp shm mqueue
    """)
"""Names below /dev that are no disks."""
