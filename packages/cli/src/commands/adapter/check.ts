/** `adapter check` @module */
import { ConfigurationError, type Problem, problemText } from '@tessera/client';
import { adapterFlags, adapterWord } from '../../adapter/adapter-flags.ts';
import { type AdapterOptions, openAdapter } from '../../adapter/open-adapter.ts';
import { type Command, defineCommand, type Invocation } from '../../program/command.ts';
import { ExitError } from '../../program/errors.ts';
import { printLine, remark } from '../../terminal/print.ts';

/** Sends nothing. Warnings are no failure. */
export const command: Command = defineCommand({
  flags: adapterFlags,
  words: adapterWord,
  examples: ({ name }) => [
    `${name} adapter check ./adapter-nms --properties service.json`,
    `${name} adapter check ./adapter-nms --properties service.json --json | jq -r '.problems[].cure'`,
  ],
  run: async (options, invocation) => {
    const { context, globals } = invocation;
    const problems = await problemsOf(options, invocation);
    const ok = problems.every(({ severity }) => severity === 'warning');
    if (globals.json) printLine(JSON.stringify({ ok, problems }, null, 2), context);
    else for (const problem of problems) printLine(lineOf(problem), context);
    if (!ok) throw new ExitError(1);
    if (problems.length === 0) remark('The adapter is in order.', context);
  },
});

async function problemsOf(options: AdapterOptions, invocation: Invocation): Promise<readonly Problem[]> {
  try {
    const client = await openAdapter(options, invocation);
    await client.close();
    return client.warnings;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

const lineOf = (problem: Problem): string =>
  problem.severity === 'warning' ? `warning: ${problemText(problem)}` : problemText(problem);
