/** `token decode` @module */
import { decodeJsonWebToken, MalformedToken } from '@tessera/token';
import { type Command, defineCommand } from '../../program/command.ts';
import { LocalError } from '../../program/errors.ts';
import { switchFlag } from '../../program/flag.ts';
import { printLine } from '../../terminal/print.ts';
import { decodedJson, decodedList, payloadTable } from '../../token/decoded-text.ts';
import { readToken, tokenWord } from '../../token/given-token.ts';

export const command: Command = defineCommand({
  flags: { payload: switchFlag('show only the payload, as a table of keys and values') },
  words: { token: tokenWord },
  examples: ({ name }) => [
    `${name} token decode "$TOKEN"`,
    `${name} token decode --payload - < token.txt`,
    `${name} token decode --json "$TOKEN" | jq -r .validTo`,
  ],
  run: async ({ payload, token }, { context, globals }) => {
    const decoded = decode(await readToken(token, context));
    context.stderr.write('nothing was verified: this is what the token says of itself\n');
    if (globals.json) return printLine(JSON.stringify(decodedJson(decoded), null, 2), context);
    for (const line of payload ? payloadTable(decoded) : decodedList(decoded)) printLine(line, context);
  },
});

function decode(token: string): ReturnType<typeof decodeJsonWebToken> {
  try {
    return decodeJsonWebToken(token);
  } catch (error) {
    if (error instanceof MalformedToken) throw new LocalError(error.message);
    throw error;
  }
}
