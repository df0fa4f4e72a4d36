"""Releases and packages that are publicly known to have carried malicious code.

Belongs here: what every machine should refuse although no advisory database is at hand. Must not be here: ordinary
vulnerabilities, and advisories that an organisation imports (`spawngate.advisories`).
Source: the GitHub Advisory Database, OSV (MAL-*), and the maintainers' own reports of the incidents.
"""

from functools import lru_cache

_ROWS = """
    npm event-stream 3.3.6; npm flatmap-stream *; npm eslint-scope 3.7.2; npm eslint-config-eslint 5.0.2
    npm ua-parser-js 0.7.29 0.8.0 1.0.0; npm coa 2.0.3 2.0.4 2.1.1 2.1.3 3.0.1 3.1.3; npm rc 1.2.9 1.3.9 2.3.9
    npm node-ipc 10.1.1 10.1.2 9.2.2 11.0.0 11.1.0; npm peacenotwar *; npm colors 1.4.1 1.4.2 1.4.44-liberty-2
    npm faker 6.6.6; npm getcookies *; npm crossenv *; npm cross-env.js *; npm d3.js *; npm mongose *; npm gruntcli *
    npm babelcli *; npm electron-native-notify *; npm bb-builder *; npm discord.dll *; npm fallguys *; npm jquery.js *
    npm mariadb.js *; npm mysqljs *; npm node-fabric *; npm node-opencv *; npm node-openssl *; npm nodecaffe *
    npm nodefabric *; npm nodeffmpeg *; npm nodemailer-js *; npm nodemssql *; npm noderequest *; npm nodesass *
    npm nodesqlite *; npm opencv.js *; npm openssl.js *; npm proxy.js *; npm shadowsock *; npm smb *; npm sqlite.js *
    npm sqliter *; npm sqlserver *; npm tkinter *; npm ffmepg *; npm http-proxy.js *; npm plutov-slack-client *
    npm twilio-npm *; npm noblox.js-proxy *; npm okhsa *; npm klow *; npm rimrafall *; npm xpc.js *; npm ac-addon *
    npm @ledgerhq/connect-kit 1.1.5 1.1.6 1.1.7; npm @solana/web3.js 1.95.6 1.95.7; npm @rspack/core 1.1.7
    npm @rspack/cli 1.1.7; npm @lottiefiles/lottie-player 2.0.5 2.0.6 2.0.7; npm rand-user-agent 1.0.110 2.0.83 2.0.84
    npm xrpl 2.14.2 4.2.1 4.2.2 4.2.3 4.2.4; npm eslint-config-prettier 8.10.1 9.1.1 10.1.6 10.1.7
    npm eslint-plugin-prettier 4.2.2 4.2.3; npm synckit 0.11.9; npm @pkgr/core 0.2.8; npm napi-postinstall 0.3.1
    npm is 3.3.1 5.0.0; npm nx 20.9.0 20.10.0 20.11.0 20.12.0 21.5.0 21.6.0 21.7.0 21.8.0
    npm chalk 5.6.1; npm debug 4.4.2; npm ansi-styles 6.2.2; npm ansi-regex 6.2.1; npm strip-ansi 7.1.1
    npm supports-color 10.2.1; npm wrap-ansi 9.0.1; npm slice-ansi 7.1.1; npm color 5.0.1; npm color-convert 3.1.1
    npm color-name 2.0.1; npm color-string 2.1.1; npm error-ex 1.3.3; npm has-ansi 6.0.1; npm is-arrayish 0.3.3
    npm simple-swizzle 0.2.3; npm backslash 0.2.1; npm supports-hyperlinks 4.1.1; npm chalk-template 1.1.1
    npm @ctrl/tinycolor 4.1.1 4.1.2; npm @duckdb/node-api 1.3.3; npm duckdb 1.3.3; npm proto-tinker-wc 0.1.87
    npm postmark-mcp 1.0.16 1.0.17 1.0.18; npm @accordproject/concerto-linter 3.24.1
    pypi ctx 0.1.2 0.2.2 0.2.6; pypi ultralytics 8.3.41 8.3.42 8.3.45 8.3.46; pypi torchtriton *; pypi num2words 0.5.15
    0.5.16; pypi colourama *; pypi jeilyfish *; pypi python3-dateutil *; pypi ssh-decorate *; pypi acqusition *
    pypi apidev-coop *; pypi bzip *; pypi crypt *; pypi django-server *; pypi pwd *; pypi setup-tools *; pypi telnet *
    pypi urlib3 *; pypi urllib *; pypi diango *; pypi djago *; pypi dajngo *; pypi djanga *; pypi mumpy *
    pypi nmap-python *; pypi openvc *; pypi python-mongo *; pypi pythonkafka *; pypi maratlib *; pypi noblesse *
    pypi importantpackage *; pypi loglib-modules *; pypi pyg-modules *; pypi fabrice *; pypi zebo *
    pypi requests-darwin-lite *; pypi pytoileur *; pypi aiocpa 0.1.13 0.1.14; pypi deepseeek *; pypi deepseekai *
    pypi disgrasya *; pypi set-utils *
    cargo rustdecimal *; cargo faster_log *; cargo async_println *; cargo postgress *; cargo if-cfg *; cargo xrvrv *
    gem rest-client 1.6.10 1.6.11 1.6.12 1.6.13 1.6.14; gem strong_password 0.0.7; gem bootstrap-sass 3.2.0.3
    gem atlas-client *; gem pretty_color *; gem ruby-bitcoin *; gem coming-soon *
    go github.com/boltdb-go/bolt *
"""
"""Ecosystem, name, and the versions; `*` where every version is meant."""


def _table() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    ecosystem = name = ""
    words = _ROWS.replace(";", " ").split()
    at = 0
    while at < len(words):
        if words[at] in ("npm", "pypi", "cargo", "gem", "go") and at + 2 < len(words):
            ecosystem, name = words[at], words[at + 1]
            at += 2
            continue
        found.setdefault((ecosystem, name), set()).add(words[at])
        at += 1
    return {key: frozenset(versions) for key, versions in found.items()}


COMPROMISED = _table()
_SEPARATORS = {"npm": "@", "pypi": "==", "cargo": "@", "gem": ":", "go": "@"}


@lru_cache(maxsize=1024)
def compromised(specifier: str, ecosystem: str, version: str = "") -> bool:
    """Whether a package, or the version that is asked for, is known to be malicious. `version` is what an option
    names."""
    separator = _SEPARATORS.get(ecosystem)
    if separator is None:
        return False
    name, _, exact = specifier.rpartition(separator) if separator in specifier[1:] else (specifier, "", "")
    if ecosystem == "pypi":
        name = name.partition("[")[0].replace("_", "-").replace(".", "-").lower()
    versions = COMPROMISED.get((ecosystem, name.strip("= ")))
    return versions is not None and ("*" in versions or (exact or version).strip("=v ") in versions)
