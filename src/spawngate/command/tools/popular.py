"""Well-known packages of npm and PyPI, and names that imitate them.

Belongs here: spelling. Must not be here: what an install does (`command.tools.packages`). Names of MCP servers are in
`launch.names`.
Source: names that the manuals and templates of the ecosystems use; incidents described in public advisories (GHSA,
OSV).
"""

import re
from functools import cache, lru_cache

from spawngate.launch.argv import word_set
from spawngate.launch.names import lookalike_package

NPM = word_set(
    """
    react react-dom preact vue svelte angular lodash underscore express koa fastify axios request node-fetch chalk
    colors color
    commander yargs minimist debug dotenv cross-env typescript webpack rollup esbuild vite babel-core prettier eslint
    jest mocha
    chai sinon cypress playwright puppeteer electron next nuxt gatsby redux moment dayjs date-fns uuid nanoid async
    bluebird rxjs
    socket.io mongoose mongodb mysql mysql2 sequelize typeorm prisma knex redis ioredis passport jsonwebtoken bcrypt
    bcryptjs
    cors helmet morgan body-parser cookie-parser multer nodemon pm2 concurrently rimraf glob mkdirp fs-extra shelljs
    execa inquirer
    ora semver cheerio jsdom graphql apollo-server zod joi ajv yup tailwindcss postcss autoprefixer sass less
    styled-components
    bootstrap jquery three d3 chart.js leaflet gulp grunt ts-node tsx nodemailer winston pino sharp ws web3 ethers
    openai
    anthropic langchain firebase discord.js telegraf twilio stripe aws-sdk http-proxy http-server serve live-server
    husky lerna
    babel-cli babel-preset-env babel-eslint node-sass node-gyp webpack-cli webpack-dev-server eslint-plugin-react
    ts-jest css-loader style-loader file-loader socket.io-client react-native react-scripts create-react-app next-auth
    body-parser-xml fs-extra-promise crypto-js node-cron bn.js elliptic http-errors path-to-regexp merge-deep
    deep-extend strip-ansi ansi-styles supports-color has-flag is-number wrap-ansi string-width graceful-fs
    readable-stream safe-buffer qs lru-cache tar ini y18n turbo storybook vitest classnames immer zustand mobx formik
    react-router react-router-dom event-stream coffee-script ua-parser-js cross-fetch form-data follow-redirects
    node-ipc lottie-player tinycolor picocolors webpack-bundle-analyzer
    """
)
PYPI = word_set(
    """
    requests urllib3 numpy pandas scipy matplotlib scikit-learn tensorflow torch torchvision keras django flask fastapi
    uvicorn gunicorn starlette pydantic sqlalchemy alembic psycopg2 psycopg2-binary pymongo redis celery pytest
    pytest-cov
    tox black ruff mypy flake8 pylint isort setuptools wheel virtualenv poetry pipenv twine beautifulsoup4 lxml selenium
    playwright scrapy pillow opencv-python boto3 botocore awscli azure-core google-cloud-storage cryptography
    pycryptodome
    paramiko fabric ansible pyyaml toml python-dateutil pytz tqdm click typer rich colorama jinja2 markupsafe werkzeug
    itsdangerous httpx aiohttp websockets python-dotenv openai anthropic langchain transformers huggingface-hub tiktoken
    jupyter notebook ipython nltk spacy gensim networkx sympy plotly seaborn bokeh streamlit gradio dash psutil attrs
    cffi
    discord.py pyautogui pyinstaller cython numba pyjwt passlib bcrypt simplejson ujson marshmallow tabulate pexpect
    litellm
    jsonschema idna certifi chardet six packaging grpcio protobuf docker kubernetes pywin32 python-nmap ctx
    """
)


CRATES = word_set("""
    serde serde_json serde_derive tokio reqwest clap anyhow thiserror regex rand quote hyper axum actix-web rayon
    tracing tracing-subscriber env_logger chrono futures async-trait itertools lazy_static once_cell base64 tempfile
    crossbeam
    bytes tonic prost diesel rocket rustls openssl bitflags indexmap hashbrown parking_lot num-traits proc-macro2
    wasm-bindgen tungstenite criterion crossterm ratatui
    """)
GEMS = word_set("""
    rails bundler rspec nokogiri sidekiq devise sinatra activerecord activesupport actionpack faraday rubocop jekyll
    capistrano mysql2 redis httparty rest-client simplecov factory_bot_rails capybara webmock omniauth carrierwave
    kaminari pundit cancancan delayed_job whenever fastlane cocoapods
    """)
GO = word_set("""
    github.com/sirupsen/logrus github.com/gin-gonic/gin github.com/stretchr/testify github.com/spf13/cobra
    github.com/spf13/viper github.com/gorilla/mux github.com/gorilla/websocket github.com/google/uuid
    github.com/pkg/errors github.com/go-chi/chi github.com/labstack/echo github.com/gofiber/fiber
    github.com/urfave/cli github.com/lib/pq github.com/go-sql-driver/mysql github.com/jmoiron/sqlx
    github.com/redis/go-redis github.com/prometheus/client_golang github.com/hashicorp/go-multierror
    github.com/golang-jwt/jwt github.com/boltdb/bolt github.com/dgraph-io/badger github.com/aws/aws-sdk-go
    github.com/docker/docker github.com/shopspring/decimal github.com/rs/zerolog go.uber.org/zap google.golang.org/grpc
    golang.org/x/crypto golang.org/x/tools
    """)
KNOWN_NAMES = {"npm": NPM, "pypi": PYPI, "cargo": CRATES, "gem": GEMS, "go": GO}
"""Well-known names by ecosystem."""


@cache
def _shapes(ecosystem: str) -> dict[str, str]:
    """Each name, and each with one letter left out: names one edit apart share one."""
    names = sorted(name for name in KNOWN_NAMES[ecosystem] if len(name) >= 5)
    found = {name: name for name in names}
    for name in names:
        for at in range(len(name)):
            found.setdefault(name[:at] + name[at + 1 :], name)
    return found


@lru_cache(maxsize=2048)
def imitated(specifier: str, ecosystem: str) -> str:
    """The well-known package that a specifier's name imitates by one letter, two neighbours or another separator; empty
    for an ordinary name and for the package itself."""
    name = (
        re.sub(r"\[.*?\]", "", re.split(r"[=<>~! ;]", specifier)[0])
        if ecosystem == "pypi"
        else re.sub(r"(?<=.)@.*$", "", specifier)
    )
    name = name.strip().lower()
    if not re.fullmatch(r"@?[\w./-]{2,80}", name) or name.startswith((".", "/")):
        return "" if name.isascii() else lookalike_package(name)
    known = lookalike_package(name)
    if known or ecosystem not in KNOWN_NAMES or ("/" in name and ecosystem != "go" and not name.startswith("@types/")):
        return known
    if name.startswith("@types/"):
        return imitated(name.removeprefix("@types/"), ecosystem)
    names = KNOWN_NAMES[ecosystem]
    plain = re.sub(r"[_.]+", "-", name) if ecosystem == "pypi" else name
    if ecosystem == "go":
        # Only the repository counts: folders and major versions stand behind it.
        plain = "/".join(name.split("/")[:3])
    if ecosystem == "cargo":
        plain = name if name in names else next((each for each in (name.replace("-", "_"),) if each in names), name)
    if plain in names or name in names or plain in _NEIGHBOURS:
        return ""
    for ending in (".js", "js", "-js", ".ts", "-cli", "-dev", "-official", "-new"):
        # A well-known name with an ending that its author did not give it.
        stem = plain.removesuffix(ending)
        if (
            stem != plain
            and len(stem) >= 5
            and stem in names
            and ending in ((".js", "js") if ecosystem == "npm" else ("-official", "-new", "-dev"))
        ):
            return stem
    shapes = _shapes(ecosystem)
    for shape in (plain, *(plain[:at] + plain[at + 1 :] for at in range(len(plain)))):
        candidate = shapes.get(shape, "")
        if candidate and candidate != plain and _apart(plain, candidate):
            return candidate
    bare = re.sub(r"^(?:python-?|py-?|node-?)|(?:-?js|-?py|\d)$", "", plain)
    squeezed = plain.replace("-", "")
    for known in names:
        if len(known) >= 6 and known != plain and known.replace("-", "") == squeezed:
            return known
    return (
        bare
        if bare in ("requests", "numpy", "pandas", "lodash", "tensorflow")
        and bare != plain
        and re.search(r"\d$", plain)
        else ""
    )


_NEIGHBOURS = word_set(
    """
    request colors color types attr tomli yaml nest vuex redux-saga lodash-es dockerode tox nose click clack axis
    flash flasky vues vite1 nuxt3 next-js react16 nextjs vuejs reactjs nodejs momentjs chartjs threejs expressjs
    nestjs requirejs bullmq
    """
)
"""Names one letter away from a well-known one that are packages in their own right, or too plain to say anything."""


def _apart(left: str, right: str) -> bool:
    """Whether one letter was added, left out, changed, or two neighbours were exchanged."""
    if abs(len(left) - len(right)) > 1:
        return False
    at = 0
    while at < min(len(left), len(right)) and left[at] == right[at]:
        at += 1
    a, b = left[at:], right[at:]
    return (
        a[1:] == b
        or a == b[1:]
        or (len(left) == len(right) and len(left) > 5 and a[1:] == b[1:])
        or (a[:2] == b[1::-1] and a[2:] == b[2:] and len(a) > 1)
    )
