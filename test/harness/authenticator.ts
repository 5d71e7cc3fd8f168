/** An authenticator app that shares no code with Tessera: Python's standard library, from RFC 4226 and RFC 6238. @module */
import { execFileSync } from 'node:child_process';

/** Reads the URI of the QR code and the time in seconds from its input, as no process may have a secret in its arguments. */
const program = `
import base64, hashlib, hmac, struct, sys, urllib.parse
uri, seconds = sys.stdin.read().split("\\n")
url = urllib.parse.urlparse(uri)
assert (url.scheme, url.netloc) == ("otpauth", "totp"), "not a TOTP URI"
asked = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
text = asked["secret"]
key = base64.b32decode(text + "=" * (-len(text) % 8))
digits, period = int(asked.get("digits", "6")), int(asked.get("period", "30"))
algorithm = getattr(hashlib, asked.get("algorithm", "SHA1").lower())
mac = hmac.new(key, struct.pack(">Q", int(seconds) // period), algorithm).digest()
offset = mac[-1] & 15
number = struct.unpack(">I", mac[offset:offset + 4])[0] & 0x7FFFFFFF
print(str(number % 10**digits).zfill(digits), end="")
`;

/** The code that an authenticator shows at an instant. */
export function otpAt(otpauthUri: string, nowMs: number): string {
  return execFileSync('python3', ['-I', '-c', program], {
    input: `${otpauthUri}\n${Math.floor(nowMs / 1000)}`,
    encoding: 'utf8',
  });
}
