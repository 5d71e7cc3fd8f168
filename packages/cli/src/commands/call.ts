/** `call` @module */
import type { IncomingMessage } from 'node:http';
import { type ConnectOptions, connect } from '@tessera/client';
import { type KeptConnection, readConnection } from '../cloud/connection-file.ts';
import { passwordForHost, reachHost } from '../cloud/reach-host.ts';
import { readData } from '../cloud/read-data.ts';
import { readHeaders } from '../cloud/read-headers.ts';
import { type Command, defineCommand, type Invocation } from '../program/command.ts';
import { ExitError, LocalError } from '../program/errors.ts';
import { repeatedFlag, requiredText, textFlag } from '../program/flag.ts';
import { openVaults, passphraseFlag } from '../vaults/open-vaults.ts';

export const command: Command = defineCommand({
  flags: {
    request: textFlag('method; GET, or POST where there is data', {
      short: 'X',
      placeholder: 'METHOD',
      completion: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'],
    }),
    header: repeatedFlag('a header; may be given several times', { short: 'H', placeholder: 'NAME: VALUE' }),
    data: textFlag('a body: @FILE, - for standard input, or the text itself', {
      short: 'd',
      placeholder: '@FILE|-|TEXT',
    }),
    ...passphraseFlag,
  },
  words: { path: requiredText('path and query on the connected host', { placeholder: 'PATH' }) },
  examples: ({ name }) => [
    `${name} call /account/v1/me`,
    `${name} call '/dapi/sessions?size=100' | jq -r '.elements[].id'`,
    `${name} call /dapi/reports -X PUT -H 'Content-Type: application/json' --data @report.json`,
    `jq -n '{"name":"x"}' | ${name} call /dapi/tags --data -`,
  ],
  run: async (options, invocation) => {
    const { context } = invocation;
    const { path, request, header, data } = options;
    const kept = readConnection(context);
    const headers = readHeaders(header);
    const body = data === null ? null : await readData(data, context.stdin);
    const { caFile: _, ...connection } = reachHost(kept.caFile, invocation);
    const environment = await connect(openVaults(options, invocation), {
      fqdn: kept.url,
      ...(await loginOf(kept, invocation)),
      checkPath: null,
      connection,
    });
    const method = (request ?? (body === null ? 'GET' : 'POST')).toUpperCase();
    const type = body === null || 'content-type' in headers ? {} : { 'content-type': 'application/json' };
    const answer = await environment.send({ method, path, headers: { ...type, ...headers }, body });
    await print(answer, invocation);
    requireSuccess(answer, environment.fqdn, invocation);
  },
});

async function loginOf({ login }: KeptConnection, invocation: Invocation): Promise<Partial<ConnectOptions>> {
  switch (login.kind) {
    case 'token':
      return { useToken: true, identifier: login.identifier, vault: login.vault };
    case 'credential-secret':
      return { credentialSecret: login.secret, vault: login.vault };
    case 'user':
      return { credential: { userName: login.userName, password: await passwordForHost(invocation) } };
    default:
      return login satisfies never;
  }
}

/** As it arrives. A reader that has seen enough ends the program elsewhere. */
async function print(answer: IncomingMessage, { context }: Invocation): Promise<void> {
  try {
    for await (const chunk of answer) {
      if (!context.stdout.write(chunk))
        await new Promise<void>((resolve) => context.stdout.once('drain', resolve));
    }
  } catch {
    throw new LocalError('the answer broke off; what was printed of it is not the whole');
  }
}

function requireSuccess({ statusCode = 0 }: IncomingMessage, fqdn: string, { context }: Invocation): void {
  if (statusCode < 400) return;
  const hint = statusCode === 401 ? '; generate a new API token and register it, or connect again' : '';
  context.stderr.write(`${fqdn} answered with status ${statusCode}${hint}\n`);
  throw new ExitError(statusCode === 401 ? 3 : 1);
}
