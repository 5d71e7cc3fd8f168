/** From what is written to a checked {@link Config}; every fault is found before any is reported. @module */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { Secret } from '@tessera/token';
import { folderFault, keyFileFault } from './check-paths.ts';
import { type Config, ConfigError, type LogLevel } from './config.ts';
import { readNebularOptions } from './nebularstack.ts';
import { readNectarOptions } from './nectar.ts';
import { type ConfigSource, readTexts } from './read-texts.ts';
import { SettingReader } from './setting-reader.ts';
import { readTls } from './tls.ts';

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/**
 * Reads and checks the whole configuration.
 *
 * @throws {ConfigError} with every fault, never with a secret's text
 */
export async function loadConfig(source: ConfigSource): Promise<Config> {
  const faults: string[] = [];
  const written = await readTexts(source, faults);
  const reader = new SettingReader(written, faults);
  const path = (text: string): string => resolve(source.workingDirectory, text);

  const dataDir = reader.read('dataDir', path, folderFault) ?? path('data');
  const host = reader.text('host') ?? '127.0.0.1';
  const tls = readTls(reader, path);
  const proxy = readProxy(reader);
  if (tls === 'none' && proxy === null && !isLoopback(host)) reader.fault('host', plainHttpElsewhere(host));
  const config: Config = {
    port: reader.read('port', Number, portFault) ?? 8420,
    host,
    dataDir,
    databaseUrl: reader.read('databaseUrl', (text) => new Secret(text), databaseUrlFault),
    issuer: reader.text('issuer'),
    audience: reader.text('audience'),
    tls: typeof tls === 'string' ? null : tls,
    proxy,
    adminPassword: reader.read('adminPassword', (text) => new Secret(text), adminPasswordFault),
    masterKeyFile: reader.read('masterKeyFile', path, keyFileFault) ?? resolve(dataDir, 'master.key'),
    nebularstack: readNebularOptions(reader),
    nectar: readNectarOptions(reader),
    logLevel: reader.read('logLevel', (text) => text.toLowerCase() as LogLevel, logLevelFault) ?? 'info',
    testClockFile: reader.read('testClockFile', path, () => null),
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** Whether nobody but this machine can reach a server listening there. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

const plainHttpElsewhere = (host: string): string =>
  `${host} is not loopback, and plain HTTP is served on loopback only; set TESSERA_TLS_CERT and TESSERA_TLS_KEY, or TESSERA_TLS_PROXY=true where a proxy in front speaks TLS.`;

function portFault(port: number, text: string): string | null {
  if (/^\d+$/.test(text) && port <= 65_535) return null;
  return `"${text}" is no port; write a whole number from 0 to 65535.`;
}

function databaseUrlFault(_: Secret, text: string): string | null {
  const protocol = URL.parse(text)?.protocol;
  if (protocol === 'postgres:' || protocol === 'postgresql:') return null;
  return 'is no PostgreSQL URL; write postgres://user:password@host:5432/name, special characters percent-encoded.';
}

function adminPasswordFault(_: Secret, text: string): string | null {
  return text.toLowerCase() === 'admin' ? 'admin is the first password anybody tries; choose another.' : null;
}

function logLevelFault(level: LogLevel, text: string): string | null {
  return logLevels.includes(level) ? null : `"${text}" is no level; write one of ${logLevels.join(', ')}.`;
}

function readProxy(reader: SettingReader): Config['proxy'] {
  const flag = reader.text('tlsProxy')?.toLowerCase() ?? 'false';
  if (flag !== 'true' && flag !== 'false') reader.fault('tlsProxy', `"${flag}" is neither true nor false.`);
  const trusted = (reader.text('trustProxy') ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  for (const entry of trusted.filter((entry) => !isAddressRange(entry)))
    reader.fault(
      'trustProxy',
      `"${entry}" is no address or range; write for example 10.0.0.7 or 10.0.0.0/8.`,
    );
  if (flag === 'true') return { trusted };
  if (trusted.length > 0)
    reader.fault('trustProxy', 'works only together with TESSERA_TLS_PROXY=true; set that as well.');
  return null;
}

function isAddressRange(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
