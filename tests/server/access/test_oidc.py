"""A provider's word: what is believed, and everything that is not."""

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from spawngate.model.errors import UsageError
from spawngate.server.access.oidc import AWAY, LARGEST, OidcError, Person, Provider, Settings
from tests.server.access.provider import CLIENT, ISSUER, Liar, unsigned

HERE = "https://us.example/login/callback"


@pytest.fixture
def liar() -> Liar:
    return Liar()


def login(liar: Liar, provider: Provider | None = None, **given: Any) -> Person:
    """A whole login."""
    asked = provider or liar.provider()
    nonce, verifier = liar.begin(asked)
    liar.claims |= given
    return asked.finish("a-code", HERE, nonce, verifier)


def test_a_login_begins_with_everything_that_binds_it(liar: Liar) -> None:
    begun = liar.provider().begin(HERE)
    query = {name: values[0] for name, values in parse_qs(urlsplit(begun.url).query).items()}
    assert begun.url.startswith(f"{ISSUER}/authorize?")
    assert query == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": HERE,
        "scope": "openid profile email",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": query["code_challenge"],
        "code_challenge_method": "S256",
    }
    assert len({begun.state, begun.nonce, begun.verifier}) == 3
    assert all(len(each) == 43 for each in (begun.state, begun.nonce, begun.verifier, query["code_challenge"]))
    assert begun.verifier not in begun.url


def test_an_honest_answer_is_believed(liar: Liar) -> None:
    assert login(liar) == Person(ISSUER, "42", "ann", "ann@example.org", frozenset({"security", "staff"}))
    token = next(each for each in liar.asked if each.url.path == "/token")
    assert token.headers["authorization"] == httpx2.BasicAuth(CLIENT, "s%3Acret%2F")._auth_header


def test_the_secret_goes_where_the_provider_wants_it(liar: Liar) -> None:
    liar.description["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    login(liar)
    form = parse_qs(
        liar.asked[-2].content.decode() if liar.asked[-1].url.path == "/keys" else liar.asked[-1].content.decode()
    )
    assert (form["client_id"], form["client_secret"]) == ([CLIENT], ["s:cret/"])
    public = Liar()
    login(public, public.provider(client_secret=""))
    token = next(each for each in public.asked if each.url.path == "/token")
    assert "authorization" not in token.headers
    assert b"client_secret" not in token.content


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://evil.example"),
        ("iss", ISSUER + "/"),
        ("iss", None),
        ("aud", "another-client"),
        ("aud", ["another-client"]),
        ("aud", []),
        ("aud", None),
        ("aud", [CLIENT, "another"]),
        ("azp", "another-client"),
        ("exp", 0),
        ("exp", "soon"),
        ("exp", True),
        ("exp", None),
        ("iat", 4_000_000_000),
        ("iat", None),
        ("nonce", "another"),
        ("nonce", ""),
        ("nonce", None),
        ("sub", ""),
        ("sub", None),
        ("sub", 42),
        ("sub", "x" * 256),
    ],
)
def test_a_token_for_another_login_is_refused(liar: Liar, claim: str, value: object) -> None:
    with pytest.raises(OidcError, match=r"the ID token is not (for this login|the provider's) \("):
        login(liar, None, **{claim: value})


def test_clocks_may_differ_a_little(liar: Liar) -> None:
    assert login(liar, exp=int(liar.now) - 59).subject == "42"
    with pytest.raises(OidcError, match="exp"):
        login(liar, exp=int(liar.now) - 61)
    assert login(liar, iat=int(liar.now) + 60).subject == "42"


def test_one_of_several_audiences_needs_to_be_the_authorised_party(liar: Liar) -> None:
    assert login(liar, aud=[CLIENT, "another"], azp=CLIENT).subject == "42"


FORGERIES: dict[str, Callable[[Liar, Any], str]] = {
    "none": lambda liar, claims: unsigned({"alg": "none"}, claims),
    "None": lambda liar, claims: unsigned({"alg": "None", "kid": "one"}, claims),
    "another key": lambda liar, claims: jwt.encode(
        {"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048, {"kid": "one"}), algorithms=["RS256"]
    ),
    "the client's secret": lambda liar, claims: jwt.encode(
        {"alg": "HS256"}, claims, OctKey.import_key(b"s:cret/" * 8), algorithms=["HS256"]
    ),
    # The public key as a secret: what libraries fell for that took the algorithm from the token.
    "the public key as a secret": lambda liar, claims: unsigned(
        {"alg": "HS256", "kid": "one"},
        claims,
        hmac.new(liar.key.as_pem(private=False), b"x", hashlib.sha256).digest(),
    ),
    "a key in the token": lambda liar, claims: _with_own_key(claims),
    "altered": lambda liar, claims: _altered(liar, claims),
    "no token": lambda liar, claims: "x.y",
    "empty": lambda liar, claims: "",
}


def _with_own_key(claims: Any) -> str:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key, algorithms=["ES256"])


def _altered(liar: Liar, claims: Any) -> str:
    header, _, signature = liar._signed(claims).split(".")
    other = liar._signed({**claims, "sub": "1"}).split(".")[1]
    return f"{header}.{other}.{signature}"


@pytest.mark.parametrize("name", list(FORGERIES))
def test_a_token_that_the_provider_did_not_sign_is_refused(liar: Liar, name: str) -> None:
    liar.sign = lambda claims: FORGERIES[name](liar, dict(claims))
    with pytest.raises(OidcError, match="the ID token is not the provider's"):
        login(liar)


def test_a_provider_may_change_its_key_and_is_asked_for_it_once_a_minute(liar: Liar) -> None:
    provider = liar.provider()
    login(liar, provider)
    liar.key = ECKey.generate_key("P-256", {"kid": "two"})
    liar.header, liar.published = {"alg": "ES256", "kid": "two"}, [liar.key]
    with pytest.raises(OidcError):
        login(liar, provider)
    liar.now += 61
    assert login(liar, provider).subject == "42"
    for _ in range(5):
        liar.sign = lambda claims: unsigned({"alg": "RS256", "kid": "three"}, claims)
        with pytest.raises(OidcError):
            login(liar, provider)
    assert sum(each.url.path == "/keys" for each in liar.asked) == 2


def test_the_code_is_worth_nothing_without_the_verifier(liar: Liar) -> None:
    provider = liar.provider()
    nonce, _ = liar.begin(provider)
    with pytest.raises(OidcError, match="answers 400 at /token"):
        provider.finish("a-code", HERE, nonce, "another-verifier")


def test_an_answer_of_another_provider_is_refused(liar: Liar) -> None:
    """RFC 9207: the mix-up of two providers."""
    provider = liar.provider()
    nonce, verifier = liar.begin(provider)
    with pytest.raises(OidcError, match="another provider"):
        provider.finish("a-code", HERE, nonce, verifier, issuer="https://evil.example")
    assert provider.finish("a-code", HERE, nonce, verifier, issuer=ISSUER).subject == "42"


@pytest.mark.parametrize(
    ("claims", "userinfo", "email"),
    [
        ({"email_verified": False}, {}, ""),
        ({"email_verified": "true"}, {}, ""),
        ({"email_verified": None}, {}, ""),
        ({"email": None}, {"sub": "42", "email": "told@example.org", "email_verified": True}, ""),
        ({"email": ["x"]}, {}, ""),
    ],
)
def test_an_address_counts_only_where_it_is_verified(
    liar: Liar, claims: dict[str, Any], userinfo: dict[str, Any], email: str
) -> None:
    liar.userinfo = userinfo
    assert login(liar, **claims).email == email


def test_that_one_address_is_verified_says_nothing_of_another(liar: Liar) -> None:
    """The ID token has one that its owner typed in, userinfo has the one that was verified."""
    provider = liar.provider(groups={"g": ()})
    nonce, verifier = liar.begin(provider)
    for claim in ("email_verified", "groups"):
        del liar.claims[claim]
    liar.claims["email"] = "owner@example.org"
    liar.userinfo = {"sub": "42", "email": "mallory@example.org", "email_verified": True, "groups": ["g"]}
    found = provider.finish("a-code", HERE, nonce, verifier)
    assert (found.email, found.groups) == ("", frozenset({"g"}))


def test_what_userinfo_says_of_somebody_else_counts_for_nothing(liar: Liar) -> None:
    provider = liar.provider()

    def told(subject: str) -> Person:
        nonce, verifier = liar.begin(provider)
        for claim in ("email", "email_verified", "groups"):
            del liar.claims[claim]
        liar.userinfo = {"sub": subject, "email": "x@example.org", "email_verified": True, "groups": ["g"]}
        return provider.finish("a-code", HERE, nonce, verifier)

    assert told("42") == Person(ISSUER, "42", "ann", "x@example.org", frozenset({"g"}))
    assert told("43") == Person(ISSUER, "42", "ann", "", frozenset())


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"groups": {"g": ()}}, frozenset({"g"})),
        ({}, frozenset()),
    ],
)
def test_groups_that_only_userinfo_has_count_where_groups_do(
    liar: Liar, settings: dict[str, Any], expected: frozenset[str]
) -> None:
    """An ID token with the mail address and without the groups, as some providers make it."""
    provider = liar.provider(**settings)
    nonce, verifier = liar.begin(provider)
    del liar.claims["groups"]
    liar.userinfo = {"sub": "42", "groups": ["g"], "email": "other@example.org", "email_verified": True}
    found = provider.finish("a-code", HERE, nonce, verifier)
    assert found.groups == expected
    assert found.email == liar.claims["email"], "the ID token stands over it"


@pytest.mark.parametrize("groups", ["security", None, 7, {"a": 1}, [1, None, ["security"]]])
def test_groups_that_are_no_list_of_names_give_nothing(liar: Liar, groups: object) -> None:
    assert login(liar, groups=groups).groups == frozenset()


@pytest.mark.parametrize(
    ("path", "answer", "message"),
    [
        ("/token", httpx2.Response(500), "answers 500 at /token"),
        ("/token", httpx2.Response(302, headers={"location": "http://169.254.169.254/"}), "answers 302"),
        ("/token", httpx2.Response(200, content=b"{"), "no JSON"),
        ("/token", httpx2.Response(200, json=[1]), "no JSON object"),
        ("/token", httpx2.Response(200, json={"access_token": "x"}), "no ID token"),
        ("/token", httpx2.Response(200, content=b" " * (LARGEST + 1)), "too large"),
        ("/keys", httpx2.Response(200, json={"keys": [{"kty": "nonsense"}]}), "keys cannot be understood"),
        ("/keys", httpx2.Response(200, json={}), "keys cannot be understood"),
        (
            "/.well-known/openid-configuration",
            httpx2.Response(200, json={"issuer": "https://evil.example"}),
            "another issuer",
        ),
        (
            "/.well-known/openid-configuration",
            httpx2.Response(200, json={"issuer": ISSUER}),
            "no authorization_endpoint",
        ),
        (
            "/.well-known/openid-configuration",
            httpx2.Response(200, json={"issuer": ISSUER, "authorization_endpoint": "http://evil.example/"}),
            "over https",
        ),
    ],
)
def test_a_provider_that_fails_is_told_and_nothing_worse(
    liar: Liar, path: str, answer: httpx2.Response, message: str
) -> None:
    liar.answer = lambda request: answer if request.url.path == path else None
    with pytest.raises(OidcError, match=message):
        login(liar)


def test_a_provider_that_is_away_is_told(liar: Liar) -> None:
    def away(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("secret words", request=request)

    liar.answer = away
    with pytest.raises(OidcError) as caught:
        login(liar)
    assert str(caught.value) == "the provider cannot be reached (ConnectError)"


@pytest.mark.parametrize("issuer", ["http://id.example", "ftp://id.example", "id.example", "", "https://"])
def test_a_provider_is_asked_over_https(issuer: str) -> None:
    with pytest.raises(UsageError, match="https"):
        Provider(Settings(issuer, CLIENT))


def test_settings_do_not_show_the_secret() -> None:
    assert "hunter2" not in repr(Settings(ISSUER, CLIENT, "hunter2"))


def test_a_provider_that_is_away_is_not_waited_for_by_everybody(liar: Liar) -> None:
    provider = liar.provider()
    liar.answer = lambda request: httpx2.Response(500)
    for _ in range(5):
        with pytest.raises(OidcError, match="answers 500"):
            provider.begin(HERE)
    assert len(liar.asked) == 1
    liar.answer = lambda request: None
    liar.now += AWAY
    assert provider.begin(HERE).url.startswith(ISSUER)


def test_an_answer_that_never_ends_is_not_read_for_ever(liar: Liar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.access.oidc.TIMEOUT", 0.2)

    def trickle() -> Iterator[bytes]:
        for _ in range(200):
            time.sleep(0.02)
            yield b" "

    liar.answer = lambda request: httpx2.Response(200, content=trickle())
    begun = time.monotonic()
    with pytest.raises(OidcError, match="the provider's answer takes too long"):
        liar.provider().begin(HERE)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "told",
    [
        {"authorization_endpoint": "https://["},
        {"authorization_endpoint": "https://id.example:x/"},
        {"authorization_endpoint": 5},
        {"token_endpoint": "https://\x00/"},
        {"token_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://169.254.169.254/"},
        {"jwks_uri": ["x"]},
        {"jwks_uri": "https://" + "a" * 70_000},
    ],
)
def test_a_description_that_is_nonsense_is_told(liar: Liar, told: dict[str, Any]) -> None:
    liar.description |= told
    with pytest.raises(OidcError):
        login(liar)


@pytest.mark.parametrize("methods", [5, "client_secret_basic", {}, [], None, [None]])
def test_ways_to_tell_the_secret_that_are_nonsense_are_the_usual_one(liar: Liar, methods: object) -> None:
    liar.description["token_endpoint_auth_methods_supported"] = methods
    if methods == [None]:
        assert login(liar).subject == "42"
        return
    login(liar)
    token = next(each for each in liar.asked if each.url.path == "/token")
    assert token.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize("claim", ["exp", "iat"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 10**400, True, "1", [1]])
def test_a_time_that_is_none_is_no_time(liar: Liar, claim: str, value: object) -> None:
    with pytest.raises(OidcError):
        login(liar, None, **{claim: value})


@pytest.mark.parametrize("kid", [["one"], {"a": 1}, 5, "x" * 5_000])
def test_the_name_of_a_key_that_is_none_is_refused(liar: Liar, kid: object) -> None:
    liar.header["kid"] = kid
    liar.sign = lambda claims: unsigned(liar.header, claims)
    with pytest.raises(OidcError):
        login(liar)
