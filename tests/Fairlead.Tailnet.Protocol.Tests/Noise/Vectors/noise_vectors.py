"""Prints noise_vectors.json: a handshake and records of the control protocol's channel, computed from the Noise protocol framework
(revision 34) and nothing of this repository.

Needs Python 3 with the package `cryptography`: X25519 and ChaCha20-Poly1305 are its, BLAKE2s and HMAC are Python's own.
"""
import hashlib
import hmac
import json
import struct

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

VERSION = 145
NAME = b"Noise_IK_25519_ChaChaPoly_BLAKE2s"


def public(private):
    key = X25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def dh(private, other):
    return X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(other))


def blake2s(*parts):
    return hashlib.blake2s(b"".join(parts)).digest()


def hkdf(chaining_key, material, count):
    mac = lambda key, data: hmac.new(key, data, hashlib.blake2s).digest()
    secret, outputs, last = mac(chaining_key, material), [], b""
    for i in range(1, count + 1):
        last = mac(secret, last + bytes([i]))
        outputs.append(last)
    return outputs


class Symmetric:
    def __init__(self):
        self.h = NAME.ljust(32, b"\0") if len(NAME) <= 32 else blake2s(NAME)
        self.ck, self.k = self.h, None

    def mix_hash(self, data):
        self.h = blake2s(self.h, data)

    def mix_key(self, material):
        self.ck, self.k = hkdf(self.ck, material, 2)

    def seal(self, plaintext):
        sealed = ChaCha20Poly1305(self.k).encrypt(bytes(12), plaintext, self.h)
        self.mix_hash(sealed)
        return sealed


def record(key, counter, plaintext):
    sealed = ChaCha20Poly1305(key).encrypt(bytes(4) + struct.pack(">Q", counter), plaintext, None)
    return struct.pack(">BH", 4, len(sealed)) + sealed


def clamp(seed):
    seed = bytearray(seed)
    seed[0] &= 248
    seed[31] = seed[31] & 127 | 64
    return bytes(seed)


machine = clamp(range(1, 33))
server = clamp(range(101, 133))
client_ephemeral = clamp(range(33, 65))
server_ephemeral = clamp(range(65, 97))

s = Symmetric()
s.mix_hash(b"Tailscale Control Protocol v%d" % VERSION)
s.mix_hash(public(server))

s.mix_hash(public(client_ephemeral))
s.mix_key(dh(client_ephemeral, public(server)))
sealed_machine = s.seal(public(machine))
s.mix_key(dh(machine, public(server)))
body = public(client_ephemeral) + sealed_machine + s.seal(b"")
initiation = struct.pack(">HBH", VERSION, 1, len(body)) + body

s.mix_hash(public(server_ephemeral))
s.mix_key(dh(server_ephemeral, public(client_ephemeral)))
s.mix_key(dh(server_ephemeral, public(machine)))
body = public(server_ephemeral) + s.seal(b"")
response = struct.pack(">BH", 2, len(body)) + body

to_server, to_client = hkdf(s.ck, b"", 2)
first = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
print(json.dumps({
    "version": VERSION,
    "machineKey": machine.hex(),
    "serverKey": server.hex(),
    "clientEphemeral": client_ephemeral.hex(),
    "serverEphemeral": server_ephemeral.hex(),
    "initiation": initiation.hex(),
    "response": response.hex(),
    "handshakeHash": s.h.hex(),
    "toServer": [record(to_server, 0, first).hex(), record(to_server, 1, b"second").hex()],
    "toClient": [record(to_client, 0, b"").hex(), record(to_client, 1, b"answer").hex()],
}, indent=2))
