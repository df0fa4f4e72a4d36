"""That whoever enrols holds the private key of the public one it names, and that whoever takes it in holds the key that
signs bundles.

The endpoint's signature is over everything that is claimed, the secret among it: what was shown with one secret is no
use with another. The server's is over that signature, the id and the token: an answer is of one question, and who only
answers in the place of the server gives nobody another id or another key. Must not be here: where keys lie.
"""

import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from spawngate.sync.messages import Enrol, Enrolled
from spawngate.trail import note
from spawngate.trail.note import NoteError, Signer, read_verifier

_TITLE = "spawngate enrolment 1"


def statement(message: Enrol) -> bytes:
    """What is signed: every claim, the secret by its digest."""
    claims = {
        "clock": message.clock,
        "host": message.host,
        "installation": message.installation,
        "key": message.key,
        "platform": message.platform,
        "secret": hashlib.sha256(message.secret.encode()).hexdigest(),
        "user": message.user,
        "version": message.version,
    }
    return f"{_TITLE}\n{json.dumps(claims, sort_keys=True)}\n".encode()


def public_key(seed: bytes) -> str:
    """The public key of a private one, hex."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def sign(message: Enrol, seed: bytes) -> str:
    """The proof, hex."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(statement(message)).hex()


def holds(message: Enrol) -> bool:
    """Whether the proof is one of this message."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(message.key))
        key.verify(bytes.fromhex(message.proof), statement(message))
    except (ValueError, InvalidSignature):
        return False
    return True


def answered(message: Enrol, given: Enrolled, signer: Signer) -> str:
    """The server's signature under an answer, a signed note."""
    return note.sign(_answer(message, given, signer.name), [signer])


def is_answered(message: Enrol, given: Enrolled, server_key: str) -> bool:
    """Whether the answer is one to this message by the holder of this key (as `trail.note` writes a verifier)."""
    try:
        verifier = read_verifier(server_key)
        text, _ = note.verify(given.signed, [verifier])
    except NoteError:
        return False
    return text == _answer(message, given, verifier.name)


def _answer(message: Enrol, given: Enrolled, name: str) -> str:
    token = hashlib.sha256(given.token.encode()).hexdigest()
    return f"{name}/enrolled/{given.endpoint}\n{message.proof}\n{token}\n"
