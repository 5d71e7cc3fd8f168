/** What a person reads who starts the server. @module */
import type { Config } from '../config/config.ts';
import type { LogOutput } from '../http/log.ts';
import { productVersion } from '../http/version.ts';

/** Shows the made-up password of the first start, as plain text: a log would keep it. */
export function showPassword(stdout: LogOutput, password: string): void {
  stdout.write(`First start: user admin has the password ${password} (shown only this once)\n`);
}

/** What to type next. */
export function loginCommand(url: string): string {
  return `ksctl login --user admin --url ${url}`;
}

export function welcome(url: string, config: Config): string {
  const database = config.databaseUrl === null ? config.dataDir : 'PostgreSQL';
  return [
    `Tessera ${productVersion} listens on ${url}, data in ${database}`,
    'Log in from another terminal:',
    '',
    `    ${loginCommand(url)}`,
    '',
    'Stop with Ctrl-C.',
    '',
  ].join('\n');
}
