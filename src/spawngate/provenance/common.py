"""Words that say nothing about where a command comes from: commands, options, places, packages of every manual.

Belongs here: the list, in the spelling of `provenance.tokens` keys.
Must not be here: how it is used. The names of well-known packages are those of `command.tools.popular` and
`launch.names`.
"""

from spawngate.command.tools.popular import NPM, PYPI
from spawngate.launch.argv import word_set
from spawngate.launch.names import PACKAGES, PROGRAMS

_COMMANDS = word_set(
    """
    bash zsh fish sh pwsh powershell cmd env sudo doas su nice nohup timeout time watch xargs parallel exec eval source
    export set unset alias cd ls dir pwd cat tac head tail less more tee echo printf read test true false exit kill
    pkill killall ps top htop cp mv rm ln mkdir rmdir touch chmod chown chgrp stat file find locate which whereis type
    grep egrep fgrep rg ag sed awk gawk cut sort uniq tr wc diff patch cmp comm join paste column xxd od hexdump base64
    base32 md5sum sha1sum sha256sum tar gzip gunzip bzip xz zip unzip zcat curl wget http https ssh scp sftp rsync ftp
    nc ncat netcat telnet ping dig nslookup host ip ifconfig netstat ss lsof df du free uname hostname date cal whoami
    id groups man help info history clear make cmake ninja gcc clang cc ld gdb strace ltrace git gh glab hub svn hg
    docker podman nerdctl compose kubectl helm terraform ansible vagrant aws gcloud az npm npx pnpm pnpx yarn bun bunx
    node nodejs deno tsx ts-node tsc vite webpack eslint prettier jest mocha vitest python python3 pip pip3 pipx uv uvx
    poetry conda venv virtualenv pytest tox nox ruff black mypy flake8 pylint django flask uvicorn gunicorn ruby gem
    bundle rake rails perl php composer artisan java javac mvn gradle gradlew mvnw kotlin scala sbt go gofmt cargo
    rustc rustup dotnet nuget swift xcodebuild brew apt apt-get dpkg yum dnf pacman apk snap flatpak systemctl service
    journalctl crontab launchctl psql mysql sqlite3 mongo redis-cli jq yq vim vi nano emacs code tmux screen open
    xdg-open claude codex gemini qwen copilot cursor opencode goose amp openssl gpg
    """
)
_VERBS = word_set(
    """
    add all apply branch build bump cache change check checkout clean clone commit config configure connect copy create
    debug default delete deploy describe dev develop diff disable download edit enable exec fetch fix fmt force format
    generate get global import info init inspect install kill latest lint list load local log login logout logs main
    master merge migrate mkdir module new next open origin outdated output package preview print prod production
    profile project prune publish pull push put quiet read rebase recursive registry release reload remote remove
    rename reset restart restore run save script search select send serve server session set setup show silent
    single skip stable staged start stash stat status stop submodule switch sync tag test tests unset update upgrade
    upload upstream usage user users validate verbose verify version view watch web worktree write yes audit freeze
    requirements editable extras index simple target targets workspace workspaces frozen-lockfile no-cache
    """
)
_OPTIONS = word_set(
    """
    --help --version --verbose --quiet --force --yes --all --global --save --save-dev --dev --prod --production --watch
    --fix --output --config --file --name --path --port --host --user --recursive --dry-run --no-cache --upgrade
    --requirement --editable --index-url --extra-index-url --registry --tag --from --with --without --target --release
    --debug --test --message --amend --no-edit --no-verify --hard --soft --staged --cached --oneline --graph --stat
    --name-only --set-upstream --delete --prune --tags --depth --branch --rm --interactive --tty --detach --volume
    --publish --env --env-file --network --workdir --entrypoint --build --follow --tail --since --location --silent
    --show-error --fail --request --header --data --data-raw --insecure --user-agent --compressed --transport --scope
    --no-deps --pre --python --locked --frozen --frozen-lockfile --ignore-scripts --legacy-peer-deps --access --json
    --format --color --no-color --max-count --extended-regexp --ignore-case --line-number --exclude --include
    --dangerously-skip-permissions --permission-mode --print --model
    """
)
_WORDS = word_set(
    """
    about above access account accounts action actions active after agent agents also always another answer any api
    app apps application applications are args argument arguments array async author auto available await back base
    based because been before being below best between body bool boolean both browser bug bugs but button call called
    can case change changed changes character class classes click client close code codes command commands comment
    common community company complete component components content contents context contributing control could count
    course current custom data database day days description design desktop details developer developers development
    device did different directory disabled doc docs document documentation does done down each early easily else empty
    enabled end endpoint environment error errors even event events every example examples existing explain extension
    external false feature features feedback field fields file filename files find first flag flags folder folders
    follow following for found free from full function functions further general give given good group guide had has
    have having header headers help here high history home hooks how however html icon ideas image images implement
    important include included includes including index input inside instance instead instructions integer interface
    into issue issues item items its itself job json just keep key keys kind know known label language large last later
    learn left length less let level library license like limit line lines link linked linux list little live long look
    low machine macos made make makes making manage manual many map markdown match max may mcp mcpservers mean means
    memory menu message messages method methods mit mode model models modelcontextprotocol modern modules more most
    move much multiple must name named names need needed network never not note notes nothing notice now null number
    object objects off often old once one only open option optional options order org other others our out over own
    page pages parameter parameters parse part pass password path paths per permission permissions place platform
    please plugin plugins point popular port possible post prefer previous private process product program project
    projects prompt properties property protocol provide provided provides public queries query question quick quickly
    readme ready real really recommended record reference references related removed replace report repositories
    repository request requests require required requires response result results return returns review right root rule
    rules running runtime safe same sample schema sdk second secret section security see self sent service services
    sets setting settings several should shell simple since site size small software some source space special specific
    standard state static step steps still stdio store string strings style such support supported supports sure system
    systems table take team template text than that the their them then there these they thing things this those three
    through time title token tokens tool tools top track true try two type types typescript javascript under unit until
    url urls use used useful username uses using valid value values variable variables various very via video virtual
    visit want was way website well were what when where whether which while who why will window windows with within
    without word words work working works world would yaml year you your zero
    """
)
_PLACES = word_set(
    """
    localhost 127.0.0.1 0.0.0.0 github.com gitlab.com bitbucket.org raw.githubusercontent.com api.github.com
    npmjs.com npmjs.org www.npmjs.com registry.npmjs.org pypi.org files.pythonhosted.org crates.io docs.rs pkg.go.dev
    proxy.golang.org rubygems.org hub.docker.com docker.io ghcr.io quay.io stackoverflow.com developer.mozilla.org
    docs.python.org nodejs.org python.org go.dev rust-lang.org modelcontextprotocol.io docs.anthropic.com
    api.anthropic.com code.claude.com api.openai.com example.com example.org www.w3.org json-schema.org schema.org
    json.schemastore.org opensource.org apache.org
    package.json package-lock.json pnpm-lock.yaml yarn.lock tsconfig.json requirements.txt pyproject.toml setup.py
    setup.cfg poetry.lock uv.lock cargo.toml cargo.lock go.mod go.sum pom.xml build.gradle makefile dockerfile
    docker-compose.yml compose.yaml readme.md license.md changelog.md contributing.md index.js index.ts index.html
    main.py main.go main.rs app.py app.js manage.py server.js server.py test.py conftest.py __init__.py .gitignore
    .env .env.local .env.example .npmrc .mcp.json mcp.json settings.json config.json config.toml config.yaml config.yml
    claude_desktop_config.json ~/.claude.json .claude/settings.json ~/.claude/settings.json ~/.codex/config.toml
    .cursor/mcp.json .vscode/mcp.json ~/.gemini/settings.json node_modules dist src lib bin usr/bin/env bin/bash bin/sh
    /usr/bin/env /bin/bash /bin/sh /dev/null /tmp api_key access_token content-type application/json text/plain
    text/html utf-8 user-agent us-east-1 node:20 node:22 python:3.11 python:3.12 streamable-http mcp-server
    """
)
_ELSEWHERE = word_set(
    """
    ubuntu debian alpine busybox fedora centos rockylinux almalinux archlinux amazonlinux scratch distroless nginx
    httpd caddy traefik haproxy postgres postgresql mariadb mongo mongodb memcached rabbitmq kafka zookeeper
    elasticsearch opensearch kibana grafana prometheus influxdb minio vault consul etcd jenkins sonarqube registry
    wordpress keycloak localstack/localstack mailhog/mailhog selenium/standalone-chrome golang openjdk eclipse-temurin
    maven gradle tomcat node:lts node:alpine python:slim php:fpm hello-world serde serde_json tokio anyhow thiserror
    clap reqwest hyper axum actix-web rayon regex rand chrono tracing log env_logger itertools futures bytes uuid
    criterion proptest cargo-edit cargo-watch cargo-nextest wasm-pack rspec rubocop puma sidekiq devise nokogiri
    activerecord jekyll fastlane cocoapods bundler github.com/stretchr/testify github.com/spf13/cobra
    github.com/gin-gonic/gin github.com/gorilla/mux golangci-lint golang.org/x/tools golang.org/x/tools/gopls
    google.golang.org/grpc google.golang.org/protobuf build-essential ca-certificates gnupg lsb-release
    software-properties-common apt-transport-https libssl-dev libffi-dev python3-pip python3-venv python3-dev
    pkg-config zlib1g-dev libpq-dev default-jdk ffmpeg imagemagick graphviz pandoc texlive htop tree wget2 watchman
    coreutils gnu-sed findutils neovim ripgrep fd fd-find bat fzf zoxide starship direnv asdf mise nvm fnm pyenv rbenv
    volta sdkman homebrew/cask/docker visual-studio-code google-chrome create-react-app create-next-app create-vite
    create-vue degit npkill npm-check-updates serve http-server typescript-language-server pyright semantic-release
    changesets nx lerna rimraf dotenv-cli wrangler vercel netlify-cli firebase-tools supabase @angular/cli @vue/cli
    @nestjs/cli @types/node @types/react @types/jest @babel/core @babel/cli @babel/preset-env @eslint/js
    @testing-library/react @vitejs/plugin-react @prisma/client @tanstack/react-query @reduxjs/toolkit @mui/material
    @emotion/react @storybook/cli @playwright/test @modelcontextprotocol/server-sqlite @anthropic-ai/claude-code
    @openai/codex @google/gemini-cli ipykernel jupyterlab pre-commit coverage pytest-asyncio pytest-mock pytest-xdist
    hypothesis build hatch hatchling flit pdm uvloop gevent eventlet orjson pyarrow polars duckdb xgboost lightgbm
    statsmodels sentence-transformers accelerate datasets peft diffusers torchaudio onnxruntime faiss-cpu chromadb
    llama-index python-multipart passlib[bcrypt] python-jose email-validator aiofiles asyncpg aiosqlite motor pymysql
    mysqlclient mkdocs sphinx mkdocs-material twine cookiecutter nbconvert openpyxl xlsxwriter python-docx pypdf
    reportlab moviepy pydub
    """
)
"""Images, crates, modules and packages that manuals of other ecosystems name."""
_INNER = str.maketrans("", "", "-_.:/@%~")


def _keys(words: frozenset[str]) -> set[bytes]:
    return {word.lower().translate(_INNER).encode() for word in words}


COMMON: frozenset[bytes] = frozenset(
    set().union(*map(_keys, (_COMMANDS, _VERBS, _OPTIONS, _WORDS, _PLACES, _ELSEWHERE, NPM, PYPI, PACKAGES, PROGRAMS)))
)
"""Keys of common words, with and without punctuation inside."""
