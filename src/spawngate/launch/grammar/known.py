"""Which options each package launcher knows, and which of them take a value.

Belongs here: grammars as data, read from each launcher. Must not be here: what an option means (the readers beside).

- npx, npm exec: npm/cli:bin/npx-cli.js, lib/commands/exec.js and workspaces/config/lib/definitions (npm 11): an unknown
  option is a flag, options end at the first positional word.
- pnpm dlx, pnpx: `pnpm dlx --help` (10), https://pnpm.io/cli/dlx. yarn dlx: https://yarnpkg.com/cli/dlx.
- bunx, bun x: https://bun.sh/docs/pm/bunx.
- uvx, uv tool run, uv run: `uvx --help`, `uv run --help` (0.13), https://docs.astral.sh/uv/reference/cli.
- pipx run: `pipx run --help` (1.18).
- docker run: `docker run --help` (28); podman run: docs.podman.io podman-run(1); nerdctl run follows docker's.
- dnx, dotnet tool exec: https://learn.microsoft.com/dotnet/core/tools/dotnet-tool-exec (.NET 10).
- deno run: https://docs.deno.com/runtime/reference/cli/run. go run: `go help run`, `go help build`.
"""

from spawngate.launch.argv import Grammar


def options(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


NPM_VALUES = """
    --_auth --access --allow-directory --allow-file --allow-git --allow-remote --allow-scripts --also --audit-level
    --auth-type --before --browser --ca --cache --cache-max --cache-min --cafile --call -c --cert --cidr --cpu --depth
    --diff --editor --expires --fetch-retries --fetch-retry-factor --fetch-retry-maxtimeout --fetch-retry-mintimeout
    --fetch-timeout --git --globalconfig --heading --https-proxy --include --install-strategy --key --libc
    --local-address --location -L --loglevel --logs-dir --logs-max --maxsockets --message -m --min-release-age --name
    --node-gyp --node-options --noproxy --omit --only --os --otp --package --prefix -C --preid --proxy --registry --reg
    --replace-registry-host --scope --script-shell --shell --tag --umask --user-agent --userconfig --viewer --which
    --workspace -w
"""
NPM_FLAGS = "-y -f -g -l -a -q -s -d -n -S -B -D -E -O -P -h -H -v"
NPM = Grammar(options(NPM_VALUES) | {"-p"}, options(NPM_FLAGS), lenient=True)
NPM_EXEC = Grammar(options(NPM_VALUES), options(NPM_FLAGS) | {"-p"}, lenient=True)
PNPM = Grammar(
    options("--package --allow-build --reporter -C --dir --filter -F --config-dir --loglevel --registry --store-dir"),
    options("-c --shell-mode -s --silent -r --recursive -w --workspace-root --aggregate-output --stream --use-stderr")
    | options("--color --no-color -y --yes --prefer-offline --offline"),
    prefixes=("--config.",),
)
YARN = Grammar(options("-p --package --cwd"), options("-q --quiet"))
BUN = Grammar(options("-p --package --cwd --config"), options("-b --bun --no-install --verbose --silent -y --yes"))
UV_GLOBAL_VALUES = """
    --cache-dir --color --allow-insecure-host --trusted-host --directory --project --config-file --python-preference
    --python-fetch --preview-features
"""
UV_GLOBAL_FLAGS = """
    -n --no-cache --no-cache-dir --managed-python --no-managed-python --no-python-downloads --allow-python-downloads
    -q --quiet -v --verbose --native-tls --no-native-tls --system-certs --no-system-certs --offline --no-offline
    --no-progress --no-config --preview --no-preview
"""
UV_VALUES = (
    """
    -w --with --with-editable --with-requirements --env-file --python-platform --index --default-index -i --index-url
    --extra-index-url -f --find-links --index-strategy --keyring-provider -P --upgrade-package --upgrade-group
    --resolution --prerelease --prerelease-package --fork-strategy --exclude-newer --exclude-newer-package
    --no-sources-package --reinstall-package --link-mode -C --config-setting --config-settings
    --config-settings-package --no-build-isolation-package --no-build-package --no-binary-package --refresh-package -p
    --python
    """
    + UV_GLOBAL_VALUES
)
UV_FLAGS = (
    """
    --isolated --no-env-file --no-index -U --upgrade --pre --no-sources --reinstall --force-reinstall
    --compile-bytecode --no-compile-bytecode --no-build-isolation --no-build --no-binary --refresh --no-refresh
    --require-build-hashes --no-require-build-hashes --lfs
    """
    + UV_GLOBAL_FLAGS
)
UVX = Grammar(
    options(UV_VALUES)
    | options("--from -c --constraints --constraint -b --build-constraints --build-constraint --overrides --override")
    | options("--excludes --exclude --torch-backend"),
    options(UV_FLAGS),
)
UV_RUN = Grammar(
    options(UV_VALUES)
    | options("--extra --no-extra --group --no-group --only-group --no-editable-package --package --torch-backend"),
    options(UV_FLAGS)
    | options("--all-extras --no-dev --dev --only-dev --no-default-groups --all-groups -m --module --no-editable")
    | options("--exact --active --no-active --no-sync --locked --frozen -s --script --gui-script --all-packages")
    | options("--no-project"),
)
PIPX = Grammar(
    options("--python-args --with --spec --python --fetch-python --index-url -i --pip-args --cooldown --backend"),
    options("-q --quiet -v --verbose --skip-maintenance --global --no-cache --refresh --no-path-check --path")
    | options("--pypackages --fetch-missing-python --system-site-packages -e --editable"),
)
DOCKER_VALUES = """
    --add-host --annotation -a --attach --blkio-weight --blkio-weight-device --cap-add --cap-drop --cgroup-parent
    --cgroupns --cidfile --cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime -c
    --cpu-shares --cpus --cpuset-cpus --cpuset-mems --detach-keys --device --device-cgroup-rule --device-read-bps
    --device-read-iops --device-write-bps --device-write-iops --dns --dns-opt --dns-option --dns-search --domainname
    --entrypoint -e --env --env-file --expose --gpus --group-add --health-cmd --health-interval --health-retries
    --health-start-interval --health-start-period --health-timeout -h --hostname --io-maxbandwidth --io-maxiops --ip
    --ip6 --ipc --isolation --kernel-memory -l --label --label-file --link --link-local-ip --log-driver --log-opt
    --mac-address -m --memory --memory-reservation --memory-swap --memory-swappiness --mount --name --net --network
    --net-alias --network-alias --oom-score-adj --pid --pids-limit --platform -p --publish --pull --restart --runtime
    --security-opt --shm-size --stop-signal --stop-timeout --storage-opt --sysctl --tmpfs --ulimit -u --user --userns
    --uts -v --volume --volume-driver --volumes-from -w --workdir
"""
DOCKER_FLAGS = """
    -d --detach --disable-content-trust --help --init -i --interactive --no-healthcheck --oom-kill-disable --privileged
    -P --publish-all -q --quiet --read-only --rm --sig-proxy -t --tty --use-api-socket
"""
DOCKER = Grammar(options(DOCKER_VALUES), options(DOCKER_FLAGS))
PODMAN = Grammar(
    options(DOCKER_VALUES)
    | options("--arch --authfile --cert-dir --cgroup-conf --cgroups --chrootdirs --conmon-pidfile --creds")
    | options("--decryption-key --env-merge --gidmap --group-entry --health-log-destination --health-max-log-count")
    | options("--health-max-log-size --health-on-failure --health-startup-cmd --health-startup-interval")
    | options("--health-startup-retries --health-startup-success --health-startup-timeout --hosts-file --hostuser")
    | options("--image-volume --init-ctr --init-path --os --passwd-entry --personality --pidfile --pod --pod-id-file")
    | options("--preserve-fd --preserve-fds --rdt-class --requires --retry --retry-delay --sdnotify --seccomp-policy")
    | options("--secret --shm-size-systemd --subgidname --subuidname --systemd --timeout --tz --uidmap --umask")
    | options("--unsetenv --variant"),
    options(DOCKER_FLAGS)
    | options("--env-host --http-proxy --no-hostname --no-hosts --passwd --read-only-tmpfs --replace --rmi --rootfs")
    | options("--tls-verify --unsetenv-all"),
)
DOCKER_GLOBAL = Grammar(
    options("--config -c --context -H --host -l --log-level --tlscacert --tlscert --tlskey"),
    options("-D --debug --tls --tlsverify"),
)
PODMAN_GLOBAL = Grammar(
    options("--cgroup-manager --config --conmon --connection -c --events-backend --hooks-dir --identity --log-level")
    | options("--module --network-cmd-path --network-config-dir --out --root --runroot --runtime --runtime-flag")
    | options("--ssh --storage-driver --storage-opt --tmpdir --url --volumepath"),
    options("-r --remote --syslog --noout --transient-store"),
)
NERDCTL_GLOBAL = Grammar(
    options("-a --address --host -H -n --namespace --cgroup-manager --cni-netconfpath --cni-path --data-root")
    | options("--hosts-dir --snapshotter --storage-driver --bridge-ip --host-gateway-ip"),
    options("--debug --debug-full --insecure-registry --experimental"),
)
DNX = Grammar(
    options("--version -a --arch --add-source --source --configfile --framework -v --verbosity"),
    options("--allow-roll-forward --disable-parallel --ignore-failed-sources --interactive --no-http-cache --no-cache")
    | options("--prerelease -y --yes"),
)
DENO = Grammar(
    options("-c --config --import-map -L --log-level --cert --location --seed --ext --conditions --preload --import")
    | options("--require --minimum-dependency-age"),
    options("-A -R -W -N -E -S -I -P -q --quiet -r --reload --cached-only --check --no-check --inspect --inspect-brk")
    | options("--inspect-wait --watch --watch-hmr --watch-exclude --lock --frozen --node-modules-dir --vendor --env")
    | options("--env-file --v8-flags --unsafely-ignore-certificate-errors --coverage --allow-scripts -t --tunnel"),
    prefixes=("--allow-", "--deny-", "--ignore-", "--unstable", "--no-", "--permission-set", "--strace-ops"),
)
GO = Grammar(
    options("-p -C -mod -modfile -overlay -pkgdir -tags -toolexec -ldflags -gcflags -asmflags -buildmode -compiler")
    | options("-gccgoflags -installsuffix -pgo -covermode -coverpkg -exec"),
    options("-a -n -race -msan -asan -cover -v -work -x -json -modcacherw -trimpath -linkshared -buildvcs"),
)
NPM_GLOBAL = Grammar(options(NPM_VALUES), options(NPM_FLAGS) | {"-p"}, lenient=True)
UV_GLOBAL = Grammar(options(UV_GLOBAL_VALUES), options(UV_GLOBAL_FLAGS))
PIPX_GLOBAL = Grammar(frozenset(), options("-q --quiet -v --verbose --global"))
GO_GLOBAL = Grammar(options("-C"))
