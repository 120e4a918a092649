"""More than 150 tokens that this service never signed, each with the name of its trick."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from omnix.auth.keys import Key
from omnix.auth.tokens import Kind, Tokens

Json = Mapping[str, Any]


def b64(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def part(value: Any) -> str:
    """`value` as a part of a token; bytes as they are."""
    return b64(
        value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    )


class Forge:
    """Takes a genuine token apart and puts it together wrongly; signs with the genuine key, too."""

    def __init__(self, tokens: Tokens, key: Key, subject: str, session: str) -> None:
        self.tokens, self.key, self.subject, self.session = tokens, key, subject, session
        self.genuine = self.made(Kind.ACCESS)
        header, claims, _ = self.genuine.split(".")
        self.header: dict[str, Any] = json.loads(unb64(header))
        self.claims: dict[str, Any] = json.loads(unb64(claims))

    def made(self, kind: Kind, **given: Any) -> str:
        lifetime = given.pop("lifetime", timedelta(minutes=5))
        return self.tokens.issue(
            kind,
            subject=given.get("subject", self.subject),
            session=self.session,
            lifetime=lifetime,
        )

    def signed(self, header: Any, claims: Any, private: Ed25519PrivateKey | None = None) -> str:
        """Signed with the service's own key, unless another is given."""
        text = f"{part(header)}.{part(claims)}"
        return f"{text}.{b64((private or self.key.private).sign(text.encode()))}"

    def with_header(self, **change: Any) -> str:
        return self.signed(_changed(self.header, change), self.claims)

    def with_claims(self, **change: Any) -> str:
        return self.signed(self.header, _changed(self.claims, change))


MISSING = object()


def _changed(start: Json, change: Json) -> dict[str, Any]:
    return {name: value for name, value in {**start, **change}.items() if value is not MISSING}


def forged(forge: Forge) -> dict[str, str]:
    """Every trick by its name; none of these tokens may open anything."""
    families = (
        _algorithms, _confusions, _strangers, _key_ids, _headers, _missing, _times, _texts, _kinds,
        _duplicates, _spellings, _shapes, _tampered, _nested,
    )  # fmt: skip
    found: dict[str, str] = {}
    for family in families:
        for name, token in family(forge):
            assert name not in found, name
            found[f"{family.__name__[1:]}: {name}"] = token
    assert forge.genuine not in found.values()
    return found


Tricks = Iterator[tuple[str, str]]


def _algorithms(forge: Forge) -> Tricks:
    claims = part(forge.claims)
    for alg in (
        "none",
        "None",
        "NONE",
        "nOnE",
        "",
        " none",
        "none\0",
        None,
        0,
        [],
        ["EdDSA"],
        True,
    ):
        header = part({**forge.header, "alg": alg})
        genuine = forge.genuine.rpartition(".")[2]
        yield f"alg {alg!r}, no signature", f"{header}.{claims}."
        yield f"alg {alg!r}, another's signature", f"{header}.{claims}.{genuine}"
    for alg in (
        "eddsa",
        "EDDSA",
        "EdDSA ",
        "Ed25519",
        "Ed448",
        "ES256K",
        "HS256",
        "RS256",
        "PS256",
    ):
        yield f"alg {alg!r}, our signature", forge.with_header(alg=alg)
    yield "no alg at all", forge.with_header(alg=MISSING)


def _hmac(forge: Forge, alg: str, secret: bytes) -> str:
    kind = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[alg]
    text = f"{part({**forge.header, 'alg': alg})}.{part(forge.claims)}"
    return f"{text}.{b64(hmac.new(secret, text.encode(), kind).digest())}"


def _confusions(forge: Forge) -> Tricks:
    public = forge.key.public
    secrets = {
        "raw public key": public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        "PEM public key": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "DER public key": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "empty key": b"", "short key": b"key", "secret": b"secret",
        "the key's id": forge.key.id.encode(),
    }  # fmt: skip
    for name, secret in secrets.items():
        for alg in ("HS256", "HS384", "HS512"):
            yield f"{alg} with the {name}", _hmac(forge, alg, secret)


def _strangers(forge: Forge) -> Tricks:
    stranger = Ed25519PrivateKey.generate()
    yield "another Ed25519 key under our id", forge.signed(forge.header, forge.claims, stranger)
    text = f"{part({**forge.header, 'alg': 'ES256'})}.{part(forge.claims)}"
    curve = ec.generate_private_key(ec.SECP256R1()).sign(text.encode(), ec.ECDSA(SHA256()))
    yield "ES256", f"{text}.{b64(curve)}"
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    text = f"{part({**forge.header, 'alg': 'RS256'})}.{part(forge.claims)}"
    signed = rsa.generate_private_key(65537, 2048).sign(text.encode(), PKCS1v15(), SHA256())
    yield "RS256", f"{text}.{b64(signed)}"


def _key_ids(forge: Forge) -> Tricks:
    own = forge.key.id
    for kid in (
        "", "../../dev/null", "/dev/null", f"../tokens/{own}", f"{own}.pem", own + "\0", own.upper(),
        own[:-1], own + "0", " " + own, "' or 1=1 --", "x' union select 'key", "http://127.0.0.1/k",
        "file:///dev/null", "${jndi:ldap://x}", "%2e%2e%2f", "*", ".", "x" * 600, "ק", None, 0, 1.5,
        True, [own], {"kid": own},
    ):  # fmt: skip
        yield f"kid {str(kid)[:30]!r} ({type(kid).__name__})", forge.with_header(kid=kid)
    yield "no kid", forge.with_header(kid=MISSING)


def _headers(forge: Forge) -> Tricks:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(bytes(32))}
    for name, value in {
        "jku": "http://127.0.0.1:9/keys", "x5u": "http://127.0.0.1:9/cert", "jwk": jwk,
        "x5c": ["MIIB"], "x5t": "abc", "crit": ["exp"], "b64": False, "zip": "DEF", "cty": "JWT",
        "epk": jwk, "enc": "A256GCM", "p2c": 1 << 40, "role": "admin",
    }.items():  # fmt: skip
        yield f"{name} beside ours", forge.with_header(**{name: value})
    yield "an empty crit", forge.with_header(crit=[])
    for typ in ("JWT", "jwt", "AT+JWT", "application/at+jwt", "", None, ["at+jwt"], "at+jwt "):
        yield f"typ {typ!r}", forge.with_header(typ=typ)
    yield "no typ", forge.with_header(typ=MISSING)


def _missing(forge: Forge) -> Tricks:
    for name in forge.claims:
        yield f"no {name}", forge.with_claims(**{name: MISSING})
        yield f"{name} null", forge.with_claims(**{name: None})
        yield f"{name} a list", forge.with_claims(**{name: [forge.claims[name]]})
    yield "no claim at all", forge.signed(forge.header, {})
    yield "one claim more", forge.with_claims(role="admin")


def _times(forge: Forge) -> Tricks:
    now = forge.claims["iat"]
    for name, change in {
        "expired a second ago": {"iat": now - 900, "nbf": now - 900, "exp": now - 1},
        "expired long ago": {"iat": 1, "nbf": 1, "exp": 2},
        "exp 0": {"exp": 0}, "exp negative": {"exp": -1}, "exp before iat": {"exp": now - 1},
        "exp a text": {"exp": str(now + 900)}, "exp a fraction": {"exp": now + 900.5},
        "exp true": {"exp": True}, "exp 1e300": {"exp": 1e300}, "exp 2**70": {"exp": 1 << 70},
        "exp 10**400": {"exp": 10**400}, "nbf in an hour": {"nbf": now + 3600, "exp": now + 7200},
        "iat in an hour": {"iat": now + 3600, "nbf": now + 3600, "exp": now + 7200},
        "iat negative": {"iat": -5}, "nbf a text": {"nbf": "0"}, "iat a fraction": {"iat": now - 0.5},
    }.items():  # fmt: skip
        yield name, forge.with_claims(**change)
    for constant in ("NaN", "Infinity", "-Infinity"):
        text = json.dumps(forge.claims).replace(str(forge.claims["exp"]), constant)
        yield f"exp {constant}", forge.signed(forge.header, text.encode())


def _texts(forge: Forge) -> Tricks:
    for name, values in {
        "iss": ("", "omnix ", "OMNIX", "https://omnix", 1),
        "aud": ("", "omnix", "omnix-api ", "OMNIX-API", "other-api", 1, {"a": 1}),
        "sub": ("", 1, True, {}, "a\0b", "\ud800"),
        "sid": ("", 1, True),
        "jti": ("", 1, False),
    }.items():
        for value in values:
            yield f"{name} {value!r}", forge.with_claims(**{name: value})
    yield "aud with ours among others", forge.with_claims(aud=["omnix-api", "other"])


def _kinds(forge: Forge) -> Tricks:
    for kind in Kind:
        if kind is Kind.ACCESS:
            continue
        token = forge.made(kind)
        yield f"a genuine {kind}", token
        yield f"a {kind} under an access header", forge.with_claims(kind=kind.value)
        yield f"an access under a {kind} header", forge.with_header(typ=kind.media_type)
    for kind in ("refresh", "reset", "", "ACCESS", "access "):
        yield f"kind {kind!r}", forge.with_claims(kind=kind)


def _duplicates(forge: Forge) -> Tricks:
    for name, value in forge.claims.items():
        twice = json.dumps(forge.claims)[:-1] + f',"{name}":{json.dumps(value)}}}'
        yield f"{name} twice", forge.signed(forge.header, twice.encode())
    for name, value in forge.header.items():
        twice = json.dumps(forge.header)[:-1] + f',"{name}":{json.dumps(value)}}}'
        yield f"header {name} twice", forge.signed(twice.encode(), forge.claims)
    hidden = json.dumps(forge.claims)[:-1] + ',"\\u0073ub":"somebody"}'
    yield "sub twice, once escaped", forge.signed(forge.header, hidden.encode())


def _spellings(forge: Forge) -> Tricks:
    header, claims, signature = forge.genuine.split(".")
    yield "padded signature", f"{forge.genuine}=="
    yield "padded header", f"{header}=.{claims}.{signature}"
    yield "a line break at the end", f"{forge.genuine}\\n"
    yield "a byte behind", f"{forge.genuine}A"
    yield "a dot behind", f"{forge.genuine}."
    yield "a dot before", f".{forge.genuine}"
    yield "doubled", f"{forge.genuine}.{forge.genuine}"
    yield "a space inside", f"{header}. {claims}.{signature}"
    yield "a comma", f"{forge.genuine},{forge.genuine}"
    yield "quoted", f'"{forge.genuine}"'
    yield "percent-encoded dots", forge.genuine.replace(".", "%2E")
    plus = base64.b64encode(b"\xfb\xff" + bytes(61)).decode()
    yield "the other base64 alphabet", f"{header}.{claims}.{plus}"
    yield "other last bits", f"{header}.{claims}.{_sibling(signature)}"
    yield "upper case", forge.genuine.upper()


def _sibling(text: str) -> str:
    """Other characters that a lax decoder takes for the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def _shapes(forge: Forge) -> Tricks:
    header, claims, signature = forge.genuine.split(".")
    yield "two parts", f"{header}.{claims}"
    yield "one part", header
    yield "four parts", f"{forge.genuine}.{signature}"
    yield "five parts", f"{header}.{header}.{claims}.{claims}.{signature}"
    yield "empty parts", ".."
    yield "no header", f".{claims}.{signature}"
    yield "no claims", f"{header}..{signature}"
    yield "no signature", f"{header}.{claims}."
    yield "a word", "token"
    yield (
        "a JSON serialisation",
        json.dumps({"payload": claims, "signature": signature}).replace(" ", ""),
    )
    for name, value in {
        "a list": [forge.claims], "a text": "claims", "a number": 7, "null": None, "true": True,
        "half a JSON": b'{"sub":', "no JSON": b"\x00\x01", "bad UTF-8": b'{"sub":"\xff\xfe"}',
        "UTF-16": json.dumps(forge.claims).encode("utf-16"),
        "a byte order mark": b"\xef\xbb\xbf" + json.dumps(forge.claims).encode(),
        "half a character": b'{"sub":"\\ud800"}', "trailing JSON": json.dumps(forge.claims).encode() + b"{}",
    }.items():  # fmt: skip
        yield f"claims are {name}", forge.signed(forge.header, value)
        yield f"header is {name}", forge.signed(value, forge.claims)


def _tampered(forge: Forge) -> Tricks:
    header, claims, signature = forge.genuine.split(".")
    for name in ("sub", "sid", "exp", "jti"):
        changed = {**forge.claims, name: forge.claims[name] + (1 if name == "exp" else "x")}  # type: ignore[operator]
        yield f"{name} changed after signing", f"{header}.{part(changed)}.{signature}"
    content = unb64(signature)
    for place in (0, 31, 32, 63):
        flipped = bytearray(content)
        flipped[place] ^= 1
        yield f"bit flipped in byte {place}", f"{header}.{claims}.{b64(bytes(flipped))}"
    order = (1 << 252) + 27742317777372353535851937790883648493
    grown = (int.from_bytes(content[32:], "little") + order).to_bytes(32, "little")
    yield "S grown by the group's order", f"{header}.{claims}.{b64(content[:32] + grown)}"
    yield "a signature of zeros", f"{header}.{claims}.{b64(bytes(64))}"
    yield "half a signature", f"{header}.{claims}.{b64(content[:32])}"
    yield (
        "another token's signature",
        f"{header}.{claims}.{forge.made(Kind.ACCESS).rpartition('.')[2]}",
    )


def _nested(forge: Forge) -> Tricks:
    deep = b"[" * 700 + b"]" * 700
    yield "700 deep claims", forge.signed(forge.header, deep)
    yield "700 deep header", forge.signed(deep, forge.claims)
    yield "claims that are too long", forge.with_claims(sub="x" * 2_000)
    yield "a token within", forge.with_claims(sub=forge.genuine * 4)
