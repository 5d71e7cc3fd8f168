/** Certificates that keys give themselves, read by Node and by OpenSSL. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateSigningKey } from '@tessera/token';
import { certifyByItself } from '../../src/crypto/certificate.ts';
import { objectId, time } from '../../src/crypto/der.ts';

const nowMs = Date.now();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function certificateFor(alg: 'RS256' | 'ES256', commonName: string, atMs = nowMs): X509Certificate {
  const key = certifyByItself(generateSigningKey(alg), commonName, atMs);
  const [der = ''] = key.certificate?.x5c ?? [];
  return new X509Certificate(Buffer.from(der, 'base64'));
}

/** What the command `openssl` reads in it, once it has verified it; null where there is no such command. */
function opensslText(certificate: X509Certificate): string | null {
  if (spawnSync('openssl', ['version']).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'tessera-certificate-'));
  const file = join(folder, 'certificate.pem');
  writeFileSync(file, certificate.toString());
  const openssl = (...args: string[]) => spawnSync('openssl', args, { encoding: 'utf8' }).stdout;
  assert.match(openssl('verify', '-check_ss_sig', '-CAfile', file, file), /: OK\n$/);
  const text = openssl('x509', '-in', file, '-noout', '-text');
  rmSync(folder, { recursive: true });
  return text;
}

for (const alg of ['RS256', 'ES256'] as const)
  test(`a certificate for ${alg} is signed by its own key, and reads as what it is`, () => {
    const certificate = certificateFor(alg, 'Tessera signing key');
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.ca, false);
    assert.deepEqual([certificate.subject, certificate.issuer], Array(2).fill('CN=Tessera signing key'));
    const text = opensslText(certificate);
    if (text === null) return;
    assert.match(text, /Version: 3 \(0x2\)/);
    assert.match(text, /Key Usage: critical\s+Digital Signature\n/);
    assert.match(text, /Basic Constraints: critical\s+CA:FALSE\n/);
    assert.match(text, /Subject Key Identifier:\s+(?:[0-9A-F]{2}:){19}/);
  });

test('a name in any script is kept, and so are dates beyond 2049', () => {
  const name = 'Schlüssel für ключ '.repeat(3).trim();
  const certificate = certificateFor('ES256', name, Date.UTC(2045, 5, 1));
  assert.equal(certificate.toLegacyObject().subject.CN, name);
  assert.equal(certificate.validToDate.getUTCFullYear(), 2055);
});

test('a certificate of any length is read back: its text never has an empty line', () => {
  for (let length = 1; length <= 64; length++) certificateFor('ES256', 'x'.repeat(length));
});

test('no two certificates have the same serial number', () => {
  const numbers = Array.from({ length: 20 }, () => certificateFor('ES256', 'x').serialNumber);
  assert.equal(new Set(numbers).size, 20);
  for (const number of numbers) assert.match(number, /^[4-7][0-9A-F]{31}$/);
});

test('object ids and times are written as X.690 says', () => {
  assert.equal(hex(objectId('1.2.840.113549')), '06062a864886f70d');
  assert.equal(hex(objectId('2.5.29.15')), '0603551d0f');
  assert.equal(
    Buffer.from(time(Date.UTC(2049, 11, 31, 23, 59, 59))).toString('latin1'),
    '\x17\r491231235959Z',
  );
  assert.equal(Buffer.from(time(Date.UTC(2050, 0, 1))).toString('latin1'), '\x18\x0f20500101000000Z');
});
