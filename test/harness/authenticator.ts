/**
 * An authenticator app that shares no code with Tessera.
 *
 * Where there is `python3`, Python's standard library makes the codes in a process of its own, from RFC 4226 and RFC 6238.
 * Where there is none, the npm package `otpauth` does: a program of the world too, but one that the server uses as well, so
 * that a mistake of that package would not be seen there.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { TOTP, URI } from 'otpauth';

/** Where Python itself is, as what the path names may be a script that first looks for it; empty: there is none. */
const python = spawnSync('python3', ['-I', '-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).stdout?.trim();

/**
 * Reads the URI of the QR code, a time in seconds and a number of codes from its input, as no process may have a secret in
 * its arguments. Prints the code of that time, and of the steps after it.
 */
const program = `
import base64, hashlib, hmac, struct, sys, urllib.parse
uri, seconds, count = sys.stdin.read().split("\\n")
url = urllib.parse.urlparse(uri)
assert (url.scheme, url.netloc) == ("otpauth", "totp"), "not a TOTP URI"
asked = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
text = asked["secret"]
key = base64.b32decode(text + "=" * (-len(text) % 8))
digits, period = int(asked.get("digits", "6")), int(asked.get("period", "30"))
assert period == 30, "not a period of 30 seconds"
algorithm = getattr(hashlib, asked.get("algorithm", "SHA1").lower())
for counter in range(int(seconds) // period, int(seconds) // period + int(count)):
    mac = hmac.new(key, struct.pack(">Q", counter), algorithm).digest()
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset:offset + 4])[0] & 0x7FFFFFFF
    print(str(number % 10**digits).zfill(digits))
`;

/** Codes made at once, two hours of them, as to start Python costs thousands of times what a code does; some of the past. */
const codesAtOnce = 250;
const codesOfThePast = 5;

/** Seconds; what every app uses, and the program refuses others. */
const period = 30;

/** The codes made so far, by step and URI. */
const made = new Map<string, string>();

/** The code that an authenticator shows at an instant. */
export function otpAt(otpauthUri: string, nowMs: number): string {
  if (!python) return otpByPackage(otpauthUri, nowMs);
  const step = Math.floor(nowMs / 1000 / period);
  if (!made.has(`${step} ${otpauthUri}`)) makeCodes(otpauthUri, Math.max(0, step - codesOfThePast));
  return made.get(`${step} ${otpauthUri}`) ?? '';
}

function makeCodes(otpauthUri: string, firstStep: number): void {
  const printed = execFileSync(python ?? '', ['-I', '-c', program], {
    input: [otpauthUri, firstStep * period, codesAtOnce].join('\n'),
    encoding: 'utf8',
  });
  for (const [at, code] of printed.trim().split('\n').entries())
    made.set(`${firstStep + at} ${otpauthUri}`, code);
}

function otpByPackage(otpauthUri: string, nowMs: number): string {
  const account = URI.parse(otpauthUri);
  if (!(account instanceof TOTP)) throw new Error('not a TOTP URI');
  return account.generate({ timestamp: nowMs });
}
