"""Does a token look like a credential? The last layer, for values whose place says nothing.

Belongs here: the look of one token without blanks: harmless shapes, human passwords, random strings.
Must not be here: names of flags, keys and variables (`names`) and vendors' formats (`patterns`).

Random strings are told from words by how usual their letter pairs are and how often they change between
lower case, upper case and digits. The pair table holds the log frequency of letter pairs in identifiers and package
names of open source software, counted by us; 6 is what chance alone would give.
"""

import re
from urllib.parse import unquote

_PAIRS = (
    "367634626258772618785544524"
    "856573447538547517757212636"
    "725473286177438516586321404"
    "755695438336547426656333416"
    "647755534136684648873546414"
    "735577429127438427667222505"
    "745494567226576517756332435"
    "834493338135548436576231524"
    "667666612137697626773514052"
    "845484337354437534848343425"
    "755595548246466535756351524"
    "835694328137438503666421623"
    "865593327135647824656222503"
    "737785837255357513785522414"
    "556735525357786708666564223"
    "835584357137437628676332704"
    "544543225227455546569352205"
    "846694527155658516775431603"
    "636484477155546644786342514"
    "735484378135537507766342624"
    "666665516037784708783314225"
    "834394428123546414544433316"
    "844584378135478427753244324"
    "657575347125535704584335639"
    "656665546346676836785453445"
    "745493358335547434545243555"
    "666756233324433413443313319"
)
"""27 x 27 digits: rows and columns are a to z and, last, any digit. From 0, never seen, to 9, very usual."""

_CODES = {chr(97 + i): i for i in range(26)} | {chr(65 + i): i for i in range(26)} | {str(d): 26 for d in range(10)}
_SCORE = tuple(int(digit) for digit in _PAIRS)

_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_WORDY = re.compile(r"[A-Za-z]{0,7}")
_SPLIT = re.compile(r"[^A-Za-z0-9!@#$%^&*?~+=]+|[!=]=")
_ALNUM = re.compile(r"[A-Za-z0-9]+")
_STRONG = re.compile(r"[!@#$%^&*?~+=]")
_RARE_SIGN = re.compile(r"[!@#$%^&]")
_NO_ALNUM = re.compile(r"[^A-Za-z0-9]+")
_NEEDLESS_ESCAPE = re.compile(r"%(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])")
"""Letters and digits that look percent-encoded. No encoder does that, so the `%` is one of a password."""

_PUNCTUATION = re.compile(r"[./\\:,;|()<>\[\]{}*\"'`]")
_LEET_DIGIT = re.compile(r"(?<=[A-Za-z])[0-9]+(?=[A-Za-z])")
_LEET = str.maketrans("013457$@!", "oieastsai")
_HABITS = re.compile(
    r"passw|pa[sz]{2}wd|pa[sz]{2}phrase|qwerty|letmein|welcome\W?[0-9oieast]|changeme|iloveyou|hunter[2z]"
    r"|(?:admin|root|secret|summer|winter|spring|autumn)[\W_]?[0-9oieast]{3,}"
)
"""Stems of the passwords that people choose, read after digits and signs are turned back into letters."""

_VERSION = r"[v^~<>=!]{0,3}\d{1,8}(?:\.(?:\d{1,10}|[x*])){0,4}(?:[-+.](?:[a-z]{1,12}[.-]?)?[0-9a-f]{0,12}(?:\.\d+)*)?"
_NAME = r"@?[A-Za-z][\w.-]{0,60}(?:/[\w.-]{1,60}){0,4}(?:\[[\w,.-]{1,60}\])?"
_STORE = r"(?:[A-Z]|[A-Za-z]\w{0,30}\.)[\w.-]{1,80}_[0-9a-hjkmnp-tv-z]{13}(?:![A-Za-z][\w.]{0,60})?|9[A-Z][A-Z0-9]{10}"
_SHORT_PIECES = re.compile(r"(?:(?:[a-z]{1,11}|[A-Za-z0-9]{1,7})(?=[._/:,-]|\Z)|[._/:,-])++")
"""Words of which no piece is long enough for `_loud`, and which hold none of its signs: `test/job_12.py`."""
_TIED = re.compile(
    "|".join(
        (
            # package, extra and version: name==1.2, @scope/name@^1.2.3, name>=1,<2
            rf"{_NAME}(?:@|==|>=|<=|~=|!=|[<>^~])[v^~<>=]{{0,2}}(?:\d{{1,2}}|\d{{6,8}}|\d{{1,8}}(?:\.[\w*]+)+)"
            r"(?:[-+.][a-z]{1,12}[.-]?\d{0,8}(?:\.\d{1,8})*)?",
            rf"{_NAME}(?:@|#)(?:[a-z][a-z-]*[a-z](?:/[a-z-]+)*(?:[-/]?v?\d{{1,2}}(?:\.\d{{1,4}}){{0,3}})?)",
            # mail address, user and host
            r"[A-Za-z][\w.+-]{0,63}@[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){0,6}\.[A-Za-z]{2,12}",
            r"[a-z][a-z0-9_-]{0,31}@(?:[a-z-]{2,40}\d{0,4}|\d{1,3}(?:\.\d{1,3}){3})",
            # issue, line, anchor: repo#123, file.md#L10-L20
            r"(?:[a-z][a-z0-9_-]{0,60}|[A-Za-z][\w-]{0,60}[./][\w./-]{1,120})#[A-Z]?\d{1,6}(?:-[A-Z]?\d{1,6})?",
        )
    )
)
"""Harmless things with a name in front of a sign of `_TIES`. Looking for the sign first saves going back through every
length that the name may have."""
_TIES = re.compile("[@#=<>^~]")
_PLAIN = re.compile(
    "|".join(
        (
            _VERSION,
            # packages and products of the store of Windows
            _STORE,
            # cells of a spreadsheet
            r"[A-Z]?[a-z]{2,20}\d{0,2}'?!\$?[A-Z]{1,2}\$?\d{1,5}(?::\$?[A-Z]{1,2}\$?\d{1,5})?(?:[=<>]=?[\d.]{1,8})?",
            # redirections, date formats, simple arithmetic and comparison, globs with a digit, C++17
            r"\d?[<>]{1,2}&?\d?",
            r"\+?(?:%[A-Za-z0-9]{1,2}[-:_./ T]?)+Z?",
            r"[A-Za-z_][\w.]{0,40}(?:[-+*=<>!]=|[<>=])[-+]?\d{1,8}",
            r"[a-z_]{1,16}[-+*]\d{1,3}|HEAD[~^-]\d{1,3}",
            r"[*?]{0,2}[a-z][a-z_.]{0,30}\d{0,3}[*?]{1,2}(?:\.[a-z0-9]{1,6})?",
            r"[A-Z]?[a-z]{0,12}\+{1,2}\d{0,3}",
            r"0x[0-9a-fA-F]{1,8}|[$@#]\d{1,6}|#[0-9A-Fa-f]{3,8}|[~$@][A-Za-z][\w.-]{0,60}",
            r"\d{1,20}(?:[.,:xX%-]\d{1,20}){0,7}%?|\d{1,6}[a-zA-Z]{1,4}",
        )
    )
)
_STORE_NAME = re.compile(_STORE)
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
REVISION = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""Full commits and digests without a prefix."""

_ANCESTOR = r"(?:[~^]\d{0,5}|\^\{[a-z]{0,6}\}|@\{[\w:.+-]{1,30}\})"
_BRANCH = (
    r"(?:(?:FETCH_|ORIG_|MERGE_|CHERRY_PICK_|REBASE_)?HEAD|@|(?:refs/heads/|(?:refs/remotes/)?(?:origin|upstream)/)?"
    r"(?:main|master|trunk|dev|develop|development|staging|production|next|stable|gh-pages)"
    r"|(?:refs/remotes/)?(?:origin|upstream)/HEAD|stash|[0-9a-f]{7,12})"
)
_DESCRIBED = (
    r"(?:[a-z][a-z-]{0,20}[-/])?v?\d{1,8}(?:\.\d{1,8}){0,3}(?:[-.](?:rc|a|b|alpha|beta|dev|pre|post)[.-]?\d{0,4}){0,2}"
    r"-\d{1,5}-g[0-9a-f]{7,12}(?:-dirty)?"
)
_POINT = rf"(?:{_BRANCH}{_ANCESTOR}{{0,6}}|{_DESCRIBED})"
_REVISIONS = re.compile(rf"\^?{_POINT}(?:\.{{2,3}}{_POINT}?)?")
"""What git calls revisions (gitrevisions(7), git-describe(1)), from names that everybody has and from abbreviated
commits: any other name in front of a number may be a person's password."""

_HEX = re.compile(r"(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)")
_DIGEST = re.compile(
    r"(?:[\w./:-]{1,200}@)?(?:sha1|sha224|sha256|sha384|sha512|md5|blake2b|blake3)[:=-][A-Za-z0-9+/=]{24,128}"
)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{30,}|[A-Za-z0-9_-]{30,})={0,2}")
_TIE = re.compile(r"(?<=.)[@#]|[=<>~!]=|[<>^~]")
_AWS_LENGTH = 40
_FOLDER = re.compile(r"(?:^|/)[A-Za-z][a-z]{6,}(?=/|$)")
"""A folder with a plain name, which hardly ever happens by chance."""
_CONVERSION = re.compile(r"[a-z]{2,12}(?:[24][a-z]{1,12}){1,2}\d?")
"""`csv2json`, `log4j`: a digit read as a word."""

_ABBREVIATED = re.compile(r"[0-9a-f]{7,12}")
"""Abbreviated commits and container ids."""

_EXTENSION_ID = re.compile(r"[a-p]{32}")
"""Ids of browser extensions."""

_SCOPED = re.compile(r"@([a-z0-9~][\w.~-]*)/([a-z0-9~][\w.~-]*)")
_PROJECT_REF = re.compile(r"[a-z]{20}")
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}$")


def _is_harmless(token: str) -> bool:
    return _PLAIN.fullmatch(token) is not None or (
        _TIES.search(token) is not None and _TIED.fullmatch(token) is not None
    )


def is_project_ref(name: str, value: str) -> bool:
    """Whether `value` is a project reference of Supabase, 20 random letters that stand in public addresses."""
    return name.lower().strip("-").replace("-", "_") == "project_ref" and _PROJECT_REF.fullmatch(value) is not None


def is_uuid(token: str) -> bool:
    """Whether `token` is a UUID in the usual five groups."""
    return len(token) == 36 and _UUID.fullmatch(token) is not None


def is_store_name(token: str) -> bool:
    """Whether `token` names a package of the store of Windows by its family: `OpenAI.Codex_2p2nqsd0c76g0`."""
    return _STORE_NAME.fullmatch(token) is not None


def is_hex(token: str, shortest: int = 16) -> bool:
    """Whether `token` is a hexadecimal number of some length with both letters and digits, or a very long one."""
    return (
        len(token) >= shortest
        and _HEX.fullmatch(token) is not None
        and (not token.isdigit() or len(token) > 20)
        and (not token.isalpha() or len(token) > 20)
    )


def usualness(token: str) -> float:
    """Mean score of the letter pairs: about 7 for words, about 4.5 for random strings, 9 where there are none."""
    total = count = 0
    last = -1
    for char in token:
        code = _CODES.get(char, -1)
        if code >= 0 and last >= 0 and not (code == 26 and last == 26):
            total += _SCORE[last * 27 + code]
            count += 1
        last = code
    return total / count if count else 9.0


def is_random(token: str) -> bool:
    """Whether a run of letters and digits looks drawn by chance. Shorter than 8 never does."""
    length = len(token)
    if length < 8 or token.isdigit() or _repeats(token):
        return False
    if is_hex(token):
        return True
    if length <= 12 and _ABBREVIATED.fullmatch(token):
        return False
    if _CONVERSION.fullmatch(token) or _EXTENSION_ID.fullmatch(token):
        return False
    usual = usualness(token)
    run = length / max(1, len(_RUN.findall(token)))
    if length >= 20:
        return usual < 5.6 or (usual < 6.3 and run < 3.0)
    if length >= 12:
        return usual < 5.2 or (usual < 6.2 and run < 2.7)
    return (usual < 4.6 and not token.isupper()) or (usual < 6.2 and run < 2.1)


def _repeats(token: str) -> bool:
    """Whether a long token says the same again and again: `xxxxxxxx`, `abc123abc123`."""
    if len(token) < 12:
        return False
    token = token[:1000]
    return len({token[index : index + 3] for index in range(len(token) - 2)}) * 3 < len(token)


def verdict(token: str) -> str | None:
    """`password` or `high-entropy` where `token`, which holds no blanks, looks like a credential, else None."""
    length = len(token)
    if length < 6:
        return None
    if is_uuid(token) or _DIGEST.fullmatch(token) or (length <= 100 and _REVISIONS.fullmatch(token)):
        return None
    if len(_LEET_DIGIT.findall(token)) >= 2 and _STRONG.search(token) and not _PUNCTUATION.search(token):
        return "password" if length < 20 else "high-entropy"
    if "%" in token and not _NEEDLESS_ESCAPE.search(token):
        decoded = unquote(token)
        if decoded != token and decoded.isprintable() and "\ufffd" not in decoded:
            return verdict(decoded) if " " not in decoded else None
    if not token.isalpha() and _HABITS.search(token.lower().translate(_LEET)) and _habit(token):
        return "password"
    if (length < 8 and token.isalnum()) or (length < 20 and _SHORT_PIECES.fullmatch(token)):
        return None
    if length <= 200 and _is_harmless(token):
        # What a version or a host is tied to may be a secret itself.
        name = _TIE.split(token, maxsplit=1)[0] if length > 20 else ""
        return verdict(name) if len(name) >= 16 and name != token else None
    if token[0] == "#" and token[1:].isalnum():
        return verdict(token[1:])
    scoped = _SCOPED.fullmatch(token) if token[0] == "@" else None
    if scoped and not is_hex(scoped.group(1)) and not is_hex(scoped.group(2)):
        inner = [
            part for part in re.split(r"[-_.]", f"{scoped.group(1).lstrip('0123456789')}-{scoped.group(2)}") if part
        ]
        return "high-entropy" if any(len(part) >= 12 and is_random(part) for part in inner) else None
    pieces = [piece for piece in _SPLIT.split(token) if piece]
    if any(map(_loud, pieces)) or (_STRONG.search(token) and not _PUNCTUATION.search(token) and _odd(token)):
        return "password" if length < 20 else "high-entropy"
    if length >= 20 and (_dense(token) or is_base64(token)):
        return "high-entropy"
    return None


def _odd(token: str) -> bool:
    """Whether a token with signs in it has all classes of characters, or is random once the signs are taken out."""
    kinds = (str.islower, str.isupper, str.isdigit)
    if len(token) >= 10 and _RARE_SIGN.search(token) and all(any(map(kind, token)) for kind in kinds):
        return True
    return is_random(_NO_ALNUM.sub("", token))


def _habit(token: str) -> bool:
    """A password stem counts only beside digits or signs that no identifier holds: `password_file` is a name."""
    if _STRONG.search(token) and any(map(str.isdigit, token)):
        return "/" not in token and "*" not in token
    return bool(re.search(r"[A-Za-z][0-9]+[A-Za-z]|[0-9]{2,}\W?$|hunter2$", token)) and token.count("/") == 0


def _loud(piece: str) -> bool:
    length = len(piece)
    if length < 6:
        return False
    if piece.isalnum():
        if length < 8 or (piece.isalpha() and piece.islower() and length < 12):
            return False
        if is_random(piece):
            return True
        mixed = not piece.islower() and not piece.isupper()
        return length <= 24 and mixed and len(_LEET_DIGIT.findall(piece)) >= 2 and usualness(piece) < 6.6
    if _is_harmless(piece):
        return False
    core = piece.strip("=*?")
    if core.isalnum() and core != piece:
        return _loud(core)
    signs = len(_STRONG.findall(core))
    has_digit = any(map(str.isdigit, core))
    has_letter = any(map(str.isalpha, core))
    if has_digit and has_letter and signs and (length >= 8 or signs >= 2):
        return True
    mixed = has_letter and not core.islower() and not core.isupper()
    return mixed and length >= 8 and signs >= 2 and usualness(core) < 5.6


def _dense(token: str) -> bool:
    """Whether a long token made of short parts, such as base64 with `/` in it, is random as a whole."""
    if _FILE.search(token) and token.count("/") + token.count("\\") > 0 and not token.endswith("="):
        stem = token.rpartition(".")[0]
        return len(stem) >= 20 and is_dense(stem)
    return is_dense(token)


def is_base64(token: str) -> bool:
    """Whether `token` is a random string in base64 that may hold slashes, and no path.

    Found on 400,000 paths of a Linux system and 30,000 random keys: no path was taken for a key, one key for a path.
    """
    token = token.replace("\\", "/")  # as a reader of Windows paths writes it
    if _BASE64.fullmatch(token) is None or token.islower() or token.isupper() or _FOLDER.search(token):
        return False
    plain = _NO_ALNUM.sub("", token)
    usual = usualness(plain)
    run = len(plain) / max(1, len(_RUN.findall(plain)))
    return (
        usual < 5.2
        or (usual < 5.9 and run < 3.3)
        or (usual < 6.6 and run < 2.6)
        or ("+" in token and usual < 6.3 and run < 3.4)
        or (len(token) == _AWS_LENGTH and usual < 6.1 and run < 3.6)
    )


def is_dense(token: str) -> bool:
    """Whether the letters and digits of `token` together look random, whatever stands between them."""
    parts = _ALNUM.findall(token)
    odd = 0
    size = 0
    if _repeats(token):
        return False
    for part in parts:
        size += len(part)
        if (
            len(part) >= 4
            and not part.isdigit()
            and not _CONVERSION.fullmatch(part)
            and not (_WORDY.fullmatch(part) and part.islower())
        ):
            run = len(part) / max(1, len(_RUN.findall(part)))
            if run < 2.5 and usualness(part) < 6.4:
                odd += len(part)
    return size >= 16 and odd * 2 >= size
