/** The operator's log: a line of JSON an event, secrets masked; for people at a terminal, a line of text. @module */
import { pino } from 'pino';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Logs one event. `detail` never holds a secret; names that could are masked all the same. */
export type Log = (level: Level, message: string, detail: Record<string, unknown>) => void;

/** What of a stream the log needs. */
export interface LogOutput {
  write(text: string): unknown;
}

const secretNames = [
  'password',
  'newPassword',
  'new_password',
  'token',
  'jwt',
  'accessToken',
  'refreshToken',
  'refresh_token',
].concat([
  'authorization',
  'cookie',
  'otp',
  'secret',
  'masterKey',
  'databaseUrl',
  'privateJwk',
  'sealedPrivateJwk',
  'salt',
  'passwordHash',
]);

/** @param format `json` for machines, `text` for a terminal */
export function createLog(level: Level | 'silent', format: 'json' | 'text', output: LogOutput): Log {
  const destination = format === 'json' ? output : { write: (line: string) => output.write(textOf(line)) };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    },
    destination,
  );
  return (at, message, detail) => logger[at](detail, message);
}

function textOf(line: string): string {
  const { level, time, msg, ...detail } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(detail).map(([name, value]) => ` ${name}=${plain(value)}`);
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg)}${rest.join('')}\n`;
}

/** Control characters could begin a line of their own, or speak to the terminal. */
function plain(value: unknown): string {
  const text = typeof value === 'string' && !/\p{Cc}/u.test(value) ? value : JSON.stringify(value);
  return text.replace(/\p{Cc}/gu, '?');
}
