/** How far a server's certificate is trusted, and which certificate is shown to it. @module */
import { Secret } from '@tessera/token';
import type { Tls } from '../plan/transport.ts';
import type { ConfigNode } from './config-node.ts';

const fileMembers = ['ca_file', 'cert_file', 'key_file'] as const;

/** The files that `ssl` names, to be read before anything is compiled. */
export function tlsFiles(ssl: ConfigNode): readonly string[] {
  if (ssl.at('enabled').value !== true) return [];
  return fileMembers
    .map((name) => ssl.at(name).value)
    .filter((name) => typeof name === 'string' && name !== '') as string[];
}

/** @param files PEM texts by the name the configuration gives them */
export function readTls(ssl: ConfigNode, files: Readonly<Record<string, string>>): Tls {
  const usual: Tls = {
    verification: 'verify',
    caPem: null,
    certificatePem: null,
    keyPem: null,
    passphrase: null,
    ciphers: null,
    minVersion: 'TLSv1.2',
  };
  if (!ssl.at('enabled').flag(false)) return usual;
  const key = pemOf(ssl.at('key_file'), files);
  const passphrase = ssl.at('passphrase').text();
  return {
    verification: verificationOf(ssl.at('accept_invalid_cert')),
    caPem: pemOf(ssl.at('ca_file'), files),
    certificatePem: pemOf(ssl.at('cert_file'), files),
    keyPem: key === null ? null : new Secret(key),
    passphrase: passphrase === '' ? null : new Secret(passphrase),
    ciphers: ssl.at('ciphers').text() || null,
    minVersion: minVersionOf(ssl.at('secure_protocol')),
  };
}

function verificationOf(node: ConfigNode): Tls['verification'] {
  if (!node.flag(false)) return 'verify';
  node.warn({
    reason: 'any certificate is accepted: whoever stands between can read and change everything',
    cure: 'set ca_file to the certificate of the authority',
  });
  return 'skip';
}

function pemOf(node: ConfigNode, files: Readonly<Record<string, string>>): string | null {
  const name = node.text();
  if (name === '') return null;
  if (!Object.hasOwn(files, name)) {
    node.error({
      reason: `${JSON.stringify(name)} cannot be read`,
      cure: 'write the path of a PEM file',
      icode: 'AD.301',
    });
    return null;
  }
  return files[name] ?? null;
}

/** Node's names of protocol methods. */
function minVersionOf(node: ConfigNode): Tls['minVersion'] {
  const name = node.text();
  if (/^TLSv1_3_(?:client_)?method$/.test(name)) return 'TLSv1.3';
  if (name === '' || /^(?:TLSv1_2|TLS|SSLv23)_(?:client_)?method$/.test(name)) return 'TLSv1.2';
  node.error({
    reason: `${JSON.stringify(name)} is older than TLS 1.2, or unknown`,
    cure: 'use TLSv1_2_method or leave it out',
  });
  return 'TLSv1.2';
}
