/** `version` @module */
import { loadSettings } from '../config/settings.ts';
import { callServer } from '../connect/call-server.ts';
import { apiPath } from '../connect/path.ts';
import { type Command, defineCommand, type Invocation } from '../program/command.ts';
import { buildDate, programVersion } from '../program/version.ts';
import { printAnswer } from '../terminal/print.ts';

export const command: Command = defineCommand({
  flags: {},
  examples: ({ name }) => [`${name} version | jq -r .server_version`],
  run: async (_, invocation) => {
    const server = await serverInfo(invocation);
    const body = {
      version: programVersion,
      build_date: buildDate,
      server_model: server.model ?? null,
      server_version: server.version ?? null,
    };
    printAnswer({ status: 200, body }, invocation.context);
  },
});

/** Nothing is asked where no server is configured yet: programs run `version` to see whether this one works. */
async function serverInfo(invocation: Invocation): Promise<Readonly<Record<string, unknown>>> {
  const { url, dialect } = loadSettings(invocation);
  // The other dialect has no route that would tell.
  if (url === null || dialect !== 'ciphertrust') return {};
  const { body } = await callServer({ method: 'GET', path: apiPath('system/info') }, invocation);
  return body ?? {};
}
