/** `adapter check` @module */
import { ConfigurationError, loadAdapter, type Problem, problemText } from '@tessera/client';
import { adapterFlags, adapterWord } from '../../adapter/adapter-flags.ts';
import { readProperties } from '../../adapter/read-properties.ts';
import { type Command, defineCommand } from '../../program/command.ts';
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
  run: async ({ dir, properties }, { context, globals }) => {
    const problems = await problemsOf(dir, await readProperties(properties, context));
    const ok = problems.every(({ severity }) => severity === 'warning');
    if (globals.json) printLine(JSON.stringify({ ok, problems }, null, 2), context);
    else for (const problem of problems) printLine(lineOf(problem), context);
    if (!ok) throw new ExitError(1);
    if (problems.length === 0) remark('The adapter is in order.', context);
  },
});

async function problemsOf(dir: string, properties: unknown): Promise<readonly Problem[]> {
  try {
    const client = await loadAdapter(dir, properties);
    await client.close();
    return client.warnings;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

const lineOf = (problem: Problem): string =>
  problem.severity === 'warning' ? `warning: ${problemText(problem)}` : problemText(problem);
