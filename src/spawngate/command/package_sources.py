"""Where a package tool is told to fetch from: addresses, repositories and switched-off checks among its words.

Belongs here: what is alike in the many tools whose grammar no module of `command.tools` reads in full (a source is
added, code comes from an address or repository, signatures are not checked), and owners of repositories that are well
known.
Must not be here: grammars of single tools (`command.tools`), names of packages (`command.tools.specifiers`), variables
(`command.environment`).
Sources: reference pages of Maven, Gradle, Composer, Bundler, RubyGems, CPAN, LuaRocks, opam, Hex, pub, CocoaPods, Nix,
Guix, Helm, Terraform, Ansible Galaxy, Conan, asdf, mise, JBang, Coursier, Chocolatey, PowerShellGet and others.
"""

import re
from collections.abc import Iterator

from spawngate.command.hosts import host_of, is_address
from spawngate.command.scene import Scene
from spawngate.launch.argv import word_set

LONGEST = 4096
"""Characters of the words of one tool that are looked at."""


def _table(*rows: tuple[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for names, pattern in rows for name in names.split()}


FETCHES = _table(
    ("gem", r"(?:install|i|fetch|update|sources|specific_install)\b"),
    ("bundle bundler", r"(?:config|add|plugin install)\b"),
    ("composer", r"(?:-g |global )?(?:config|require|create-project)\b"),
    ("dotnet", r"(?:new install|tool (?:install|update)|restore|add package|nuget (?:add|update))\b"),
    ("nuget", r"(?:install|restore|sources|update|config)\b"),
    ("luarocks", r"(?:install|build|config|make)\b"),
    ("cpan cpanm easy_install jbang add-appxpackage add-appxprovisionedpackage pkg_add ansible-pull", r""),
    ("mix", r"(?:archive\.install|escript\.install|hex\.repo|hex\.config|local\.\w+)\b"),
    ("opam", r"(?:repo|repository|pin|init|install|remote)\b"),
    ("cabal stack", r"(?:install|get|unpack|setup|update|build)\b"),
    ("dart flutter pub", r"(?:pub )?(?:add|global activate|cache)\b"),
    ("pod", r"(?:repo|install|update|spec lint|lib lint)\b"),
    ("carthage", r"(?:update|bootstrap)\b"),
    ("swift", r"(?:package-registry set|package add-dependency)\b"),
    ("conan", r"(?:remote add|remote update|install|config install)\b"),
    ("vcpkg", r"(?:install|add)\b"),
    ("nix", r"(?:profile|run|shell|develop|build|registry add|flake (?:init|new)|upgrade-nix)\b"),
    ("nix-env nix-shell nix-channel nix-build guix", r""),
    (
        "mvn mvnw mvnd",
        r".*(?:remoteRepositories|repoUrl|archetype(?:Catalog|Repository)|altDeploymentRepository|maven\.repo\.\w+|-g?s|--(?:global-)?settings)"
        r"[= ]\S*://",
    ),
    ("gradle gradlew", r".*(?:--init-script|-I|--gradle-distribution-url)\b"),
    (
        "r rscript",
        r".*(?:install\.packages|install_(?:github|gitlab|bitbucket|url|git|svn)|pak::|BiocManager|options\(\s*repos)",
    ),
    ("julia", r".*(?:Pkg\.(?:add|develop|clone)|Registry\.add|PackageSpec)\b"),
    ("gh", r"extensions? install\b"),
    ("cs coursier", r"(?:install|launch|fetch|bootstrap|setup)\b"),
    ("sdk", r"install\b"),
    ("helm", r"(?:install|upgrade|plugin (?:install|update)|pull|template|dependency)\b"),
    ("krew", r"(?:install|index add)\b"),
    ("kubectl", r"(?:krew|apply -k|create -k)\b"),
    ("kustomize", r"build\b"),
    ("terraform tofu terragrunt", r".*-from-module\b"),
    ("ansible-galaxy", r"(?:role |collection )?(?:install|download)\b"),
    ("puppet", r"module (?:install|upgrade)\b"),
    ("vagrant", r"(?:box add|init|plugin install)\b"),
    ("packer", r"plugins install\b"),
    ("asdf mise rtx proto", r"plugins? (?:add|install|i|a)\b"),
    ("volta corepack", r"(?:install|prepare|use|pin)\b"),
    ("pre-commit", r"try-repo\b"),
    ("platformio pio", r"(?:lib|pkg|platform) install\b"),
    ("arduino-cli", r"(?:core|lib) (?:install|update-index)\b|.*--additional-urls\b"),
    ("lein", r".*:repositories\b"),
    ("clojure clj bb", r".*-Sdeps\b"),
    ("raco", r"pkg install\b"),
    ("nimble haxelib dub", r"(?:install|git|fetch|add|upgrade)\b"),
    ("zig", r"fetch\b"),
    ("pear pecl", r"(?:install|upgrade|channel-discover|channel-add)\b"),
    ("wp", r"(?:plugin|theme|core|package) (?:install|update|download)\b"),
    ("drush", r"(?:dl|pm-download)\b"),
    ("jupyter", r"(?:labextension|nbextension|serverextension) install\b"),
    ("gcloud", r"components repositories add\b"),
    ("az", r"extension add\b"),
    ("llm", r"install\b"),
    (
        "conda mamba micromamba pixi",
        r"(?:config|env (?:create|update)|create|install|add|global install|project channel)\b",
    ),
    ("yarn yarnpkg", r"config\b"),
    ("bun", r"(?:run )?https?:"),
    ("choco", r"(?:install|upgrade|source)\b"),
    ("winget", r"(?:install|source|upgrade)\b"),
    ("apk", r"(?:add|update|upgrade)\b"),
    ("xbps-install pkg softwareupdate", r""),
    ("eselect", r"repository\b"),
    ("install-package install-module install-script install-psresource register-psrepository set-psrepository", r""),
    ("deno", r"(?:cache|install|add)\b"),
    ("docker podman", r"(?:play kube|kube play|image import|import|plugin install|compose -f)\b"),
    ("pip pip3 pipx", r"(?:install|download|wheel|run)\b.*--(?:pip-args|spec)\b"),
    ("rebar3", r"hex repo\b"),
    ("paket", r"(?:add|install|update)\b"),
    ("install-packageprovider save-module save-script", r""),
    ("spack", r"(?:repo|mirror) add\b"),
    ("helmfile", r".*(?:-f|--file)\b"),
    ("argocd", r"(?:app create|repo add)\b"),
    ("flux", r"create source\b"),
    ("idea pycharm webstorm goland clion rider phpstorm", r"installplugins\b"),
    ("fisher zinit antigen antibody zplug sheldon zi omf", r"(?:install|light|load|bundle|snippet|add|ice)\b"),
    ("degit tiged giget", r""),
)
"""Tools that fetch code, and the uses of them in which an address says where from."""
UNCHECKED = _table(
    ("bundle bundler", r"config\b.*\bssl_verify_mode (?:0|none)"),
    ("gem", r"install\b.*(?:nosecurity|lowsecurity)"),
    ("composer", r".*(?:disable-tls true|secure-http false|allow-plugins true)"),
    ("opam", r".*--no-checksums"),
    ("cabal", r".*--ignore-expiry"),
    ("carthage", r".*--no-verify"),
    ("swift", r".*--disable-sandbox"),
    ("nix nix-env nix-shell nix-build", r".*(?:--no-check-sigs|require-sigs(?:\s|=)+false|--accept-flake-config)"),
    ("mvn mvnw mvnd", r".*(?:ssl\.insecure=true|ssl\.allowall=true|securitymode=insecure|artifactbase\S*=ignore)"),
    ("gradle gradlew", r".*(?:dependency-verification(?:\s|=)+(?:off|lenient))"),
    ("ansible-galaxy", r".*(?:--ignore-certs|-c\b|--disable-gpg-verify)"),
    ("helm", r"(?:install|upgrade|pull|repo add)\b.*--insecure-skip-tls-verify"),
    ("podman skopeo", r".*--(?:src-)?tls-verify=false"),
    ("conda mamba micromamba", r"config\b.*ssl_verify (?:false|no|0)"),
    ("yarn yarnpkg", r"config set (?:enablestrictssl false|unsafehttp|strict-ssl false|checksumbehavior ignore)"),
    ("choco", r".*--(?:allow-?empty-?checksums\S*|ignore-?checksums?)"),
    ("winget", r".*(?:--ignore-security-hash|localmanifestfiles)"),
    ("brew", r".*--no-quarantine"),
    ("snap", r"install\b.*--(?:devmode|dangerous)"),
    ("add-appxpackage", r".*-allowunsigned"),
    ("install-module install-script install-package", r".*-skippublishercheck"),
    ("register-psrepository set-psrepository", r".*-installationpolicy:? ?trusted"),
    ("uv", r".*--allow-insecure-host"),
    ("docker", r".*(?:--disable-content-trust(?!=false)\b.*\bpull|plugin install\b.*--grant-all-permissions)"),
    (
        "npm",
        r".*--(?:no-)?(?:strict-ssl=false|strict-ssl\b(?<=no-strict-ssl)|verify-signatures(?<=no-verify-signatures))",
    ),
    (
        "pnpm",
        r".*(?:--no-verify-store-integrity|--no-strict-ssl|--strict-ssl=false)"
        r"|config set (?:strict-ssl|verify-store-integrity) false",
    ),
    ("bun", r"(?:install|add|i|a)\b.*--no-verify\b|pm trust --all\b"),
)
"""Tools, and the words by which they do not check what they fetch."""
REPLACES = _table(
    ("cargo", r".*--config[= ]['\"]?(?:source\.[\w-]+\.(?:replace-with|registry)|patch\.|registry\.default)"),
    (
        "go",
        r"mod edit\b.*-replace[= ][^\s=]+=(?!\.{1,2}/|/(?!tmp/))[\w.-]+\.[a-z]{2,}/|work use /(?:tmp|var/tmp|dev/shm)/",
    ),
    ("gem", r"sources\b.*--remove https://rubygems\.org"),
    ("conda mamba micromamba", r"config\b.*--(?:add|prepend|append) (?:channels|default_channels|custom_channels)\b"),
    ("guix", r".*(?:-L|--load-path)[= ]?/(?:tmp|var/tmp|dev/shm)/"),
    ("mvn mvnw mvnd", r".*(?:-g?s|--settings)[= ]/(?:tmp|var/tmp|dev/shm)/"),
    ("gradle gradlew", r".*(?:-I|--init-script)[= ]?/(?:tmp|var/tmp|dev/shm)/"),
    ("terraform tofu", r"init\b.*-plugin-dir[= ]/(?:tmp|var/tmp|dev/shm)/"),
    ("vcpkg", r".*--overlay-(?:ports|triplets)[= ]/(?:tmp|var/tmp|dev/shm)/"),
    ("packer", r"plugins install\b.*--path[= ]/(?:tmp|var/tmp|dev/shm)/"),
    ("yum dnf", r"copr enable\b|.*--disablerepo[= ]['\"]?\*.*--enablerepo"),
    ("winget", r"install\b.*(?:-m|--manifest)[= ]\\\\"),
    ("corepack", r"(?:prepare|use|install)\b.*@https?:"),
    ("pear", r"channel-discover\b"),
    (
        "pnpm npm yarn yarnpkg bun",
        r".*--(?:config\.registry|@[\w.-]+:registry)=(?!https://(?:registry\.npmjs\.org|npm\.pkg\.github\.com))"
        r"|(?:config |c )?set\b.*(?:enable-?scripts|dangerously-?allow-?all-?builds)[= ]true"
        r"|(?:config |c )?set\b.*(?:min(?:imum)?-?release-?age[= ]0|(?:strict-?dep-?builds|ignore-scripts)[= ]false)"
        r"|(?:config|c) (?:delete|rm|unset) ignore-scripts"
        r"|.*--(?:config\.)?(?:dangerously-?allow-?all-?builds|min(?:imum)?-?release-?age=0)\b",
    ),
    ("dotnet", r"nuget disable source nuget\.org"),
    ("sdk", r"install \S+ \S+ /(?:tmp|var/tmp|dev/shm)/"),
    ("rustup", r"toolchain link \S+ /(?:tmp|var/tmp|dev/shm)/"),
    ("swift", r"package edit\b.*--path /(?:tmp|var/tmp|dev/shm)/"),
    ("spack", r"repo add /(?:tmp|var/tmp|dev/shm)/"),
)
"""Tools, and the words by which a dependency, a source or a check is replaced by another."""
PUBLIC_CHANNELS = word_set("""
    conda-forge bioconda defaults main free r msys2 pytorch pytorch-nightly pytorch-lts nvidia anaconda intel rapidsai
    rapidsai-nightly huggingface fastai plotly esri microsoft dglteam pyg conda-canary xilinx nodefaults
    open3d-admin bokeh pyviz dask holoviz rdkit omnia
    """)
"""Channels of Anaconda that an organisation or a large project keeps."""
_REPOSITORY = re.compile(
    r"(?:git\+|git::|git://|git@|ssh://|hg\+)\S+|(?:github|gitlab|bitbucket|sourcehut|gist):\S+|https?://(?=\S*+\Z)\S+?\.git\b\S*"
    r"|github\.com/[\w.-]++/[\w.-]\S*+"
)
_COMMIT = re.compile(r"[#@=/?&](?:ref=|rev=|tag=)?(?:v?\d++\.\d[\w.]*+|[0-9a-f]{7,64})(?:$|[#&])")
KNOWN_OWNERS = word_set("""
    actions airbnb amazon-science amd anchore angular ansible ansible-collections anthropics apache apollographql
    apple aquasecurity archlinux argoproj asdf-community asdf-vm astral-sh aws aws-samples awslabs azure
    azure-samples babel bevyengine bigscience-workshop bioconda bioconductor bitnami bufbuild burntsushi
    bytecodealliance cargo-bins celery cert-manager cilium cli cloudflare composer compvis conda conda-forge
    containerd containers cross-rs curl cypress-io dagger dart-lang dask datadog debian denoland dioxuslabs django
    docker dtolnay eclipse elastic electron eleutherai elixir-lang encode envoyproxy erlang eslint etcd-io expo
    expressjs facebook facebookincubator facebookresearch fastapi flutter fluxcd ggerganov ggml-org gitea github
    gitlab-org gitleaks golang golangci google google-deepmind google-gemini google-research googleapis
    googlecloudplatform gotestyourself gradle grafana graphql grpc guix hashicorp hashicorp-terraform haskell helm
    heroku hexpm homebrew huggingface hypothesisworks ibm intel ionic-team ipython istio jdx jenkinsci jestjs
    jetbrains jetstack juliadata julialang junegunn jupyter k3s-io keras-team koalaman kubernetes kubernetes-sigs
    langchain-ai laravel leptos-rs linkedin linkerd linuxkit lm-sys mamba-org mariadb matplotlib meta-llama
    microsoft mkdocs moby modelcontextprotocol mongodb mozilla multiarch mvdan mysql neovim netflix netlify nginxinc
    nix-community nixos nodejs npm numpy numtide nuxt nvidia nvlabs nvm-sh ocaml ohmyzsh openai opencontainers
    opencv opentofu oracle ossf oven-sh pallets pandas-dev pdm-project phoenixframework php pnpm
    podman-container-tools posit-dev postgres pre-commit prettier prisma prometheus prometheus-community
    protocolbuffers psf psf-black pulumi pycqa pydantic pyenv pypa pytest-dev python python-attrs python-poetry
    pytorch r-lib rails rancher ray-project rbenv react-native-community reactjs readthedocs red-hat-storage redhat
    redis returntocorp rstudio ruby rubygems run-llama rust-analyzer rust-lang rustls salesforce sap scikit-learn
    scipy sdkman semgrep serde-rs sharkdp shopify sigstore sindresorhus slsa-framework snyk sphinx-doc spinnaker
    spring-projects sqlalchemy square squidfunk stability-ai step-security storybookjs stripe supabase sveltejs
    swiftlang symfony taiki-e tailwindlabs tauri-apps tensorflow terraform-aws-modules tiangolo tidyverse tj tmux
    tmux-plugins tokio-rs tonistiigi torvalds tox-dev traefik trufflesecurity twitter typescript-eslint uber ubuntu
    ultralytics vercel vim vim-plug vitejs vllm-project vuejs wasmerio webpack yarnpkg yewstack ziglang zizmorcore
    zsh-users
    """)
"""Owners at a code host whose repositories many projects install from."""


def package_sources(scene: Scene) -> None:
    """What the words of a package tool say about where it fetches from. Linear in the length of the words."""
    program = scene.program
    fetches, unchecked, replaces = FETCHES.get(program), UNCHECKED.get(program), REPLACES.get(program)
    if not scene.words or (fetches is None and unchecked is None and replaces is None):
        return
    text = " ".join(scene.words)[:LONGEST]
    if unchecked is not None and unchecked.match(text):
        scene.act("package-unchecked")
    if replaces is not None and replaces.match(text) and scene.words[-1].lower() not in PUBLIC_CHANNELS:
        scene.act("package-elsewhere")
    if fetches is not None and ("://" in text or ":" in text or "/" in text):
        plain = " ".join(word for word in scene.words if not word.startswith("-"))[:LONGEST]
        if fetches.match(plain) or fetches.match(text):
            for value in _values(scene.words[:200]):
                _source(scene, value)
            for owner in _SHORT.findall(text):
                from_repository(scene, f"github:{owner}")


def _values(words: tuple[str, ...]) -> Iterator[str]:
    """Each word, what stands behind the `=` of an option, and addresses inside structures. What follows `name=` is a
    setting of what is installed, not where it comes from."""
    for word in words:
        value = word.partition("=")[2] if word.startswith("-") else word
        if "://" in value and not is_address(value) and not _NAMED.match(value):
            yield from _INSIDE.findall(value[:LONGEST])
        else:
            yield value


_NAMED = re.compile(r"[\w.@/\[\]-]+=")
_SHORT = re.compile(
    r"(?:(?:install_(?:github|gitlab|bitbucket)|pkg_install)\(\s*['\"]|extensions? install "
    r"|(?:archive|escript)\.install github "
    r"|^(?:install|light|load|bundle|add) )"
    r"(?!\S*://)([\w.-]+/[\w.-]+(?:@[\w.-]+)?)"
)
_INSIDE = re.compile(r"(?:git\+|git::|oci)?[a-z][a-z0-9+.-]{0,20}://[^\s\"',;<>()\[\]{}]+", re.IGNORECASE)


def _source(scene: Scene, value: str) -> None:
    """One address or repository that a package tool is given."""
    if _REPOSITORY.fullmatch(value):
        from_repository(scene, value)
        return
    host = host_of(value) if is_address(value) else None
    if host is None:
        return
    scene.host(value)
    if "code" in host.kinds:
        from_repository(scene, value)
    elif host.kinds.isdisjoint({"registry", "loopback", "private", "known", "opaque"}):
        scene.act("package-elsewhere")
        scene.registries[host.name] = None


def from_repository(scene: Scene, value: str, *, pinned: bool = False) -> None:
    """Code comes from a repository: from whose, and whether from an exact commit or release."""
    scene.act("package-git")
    bare = re.sub(r"^(?:git\+|git::|hg\+)", "", value)
    if "://" in bare:
        scene.host(bare)
    if pinned or exact(value):
        return
    scene.act("package-unpinned")
    if owner_of(bare) not in KNOWN_OWNERS:
        scene.act("package-stranger")


def known_pages(host: str) -> bool:
    """Whether a host holds the pages that a well-known owner publishes at a code host: charts of clusters, mostly."""
    owner, _, rest = host.partition(".")
    return rest in ("github.io", "gitlab.io") and owner in KNOWN_OWNERS


def exact(value: str) -> bool:
    """Whether an address of a repository names a commit or release."""
    return _COMMIT.search(value) is not None


_OWNER = re.compile(
    r"(?:(?:github|gitlab|bitbucket|sourcehut|gist):"
    r"|(?:\w+://)?(?:[^/@\s]+@)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)[/:])([\w.-]+)",
    re.IGNORECASE,
)


def owner_of(value: str) -> str:
    """The owner of a repository at a code host, in lower case; empty for any other host."""
    match = _OWNER.match(value)
    return match[1].lower() if match else ""
