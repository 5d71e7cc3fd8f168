/** `npm run bench`: makes the tables, prints them, and on request writes them into README.md. @module */
import { parseArgs } from 'node:util';
import { openBench, type Size } from './bench.ts';
import { describeMachine } from './report/machine.ts';
import { writeReadme } from './report/readme.ts';
import { plainText } from './report/render.ts';
import type { Table } from './report/table.ts';
import { tables } from './tables/tables.ts';

const help = `Measures Tessera beside its peers and limits.

    npm run bench                        all tables, under ten minutes
    npm run bench -- refresh login       some of them: ${[...tables.keys()].join(', ')}
    npm run bench -- --quick             a smoke run under a minute; its figures mean nothing
    npm run bench -- --write             all tables, also into bench/README.md
`;

process.exitCode = await run(process.argv.slice(2));

async function run(args: string[]): Promise<number> {
  const options = {
    quick: { type: 'boolean' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  const { values, positionals: names } = parseArgs({ args, options, allowPositionals: true });
  if (values.help === true) {
    console.log(help);
    return 0;
  }
  const fault = faultOf(names, values);
  if (fault !== null) {
    console.error(`${fault}\n\n${help}`);
    return 2;
  }
  const machine = describeMachine();
  console.log(machine);
  const made = await make(
    names.length > 0 ? names : [...tables.keys()],
    values.quick === true ? 'quick' : 'full',
  );
  const verdicts = made.flatMap((table) => table.verdicts);
  console.log(
    `\n${verdicts.filter((verdict) => verdict.isReached).length} of ${verdicts.length} targets reached.`,
  );
  if (values.write === true) writeReadme(machine, made);
  return 0;
}

function faultOf(
  names: readonly string[],
  { quick, write }: { quick?: boolean; write?: boolean },
): string | null {
  const unknown = names.find((name) => !tables.has(name));
  if (unknown !== undefined) return `There is no table ${unknown}.`;
  if (write === true && (quick === true || names.length > 0))
    return '--write goes with a full run of all tables.';
  return process.platform === 'linux'
    ? null
    : 'The bench reads /proc and binds processes to cores: it needs Linux.';
}

async function make(names: readonly string[], size: Size): Promise<Table[]> {
  const made: Table[] = [];
  for (const name of names) {
    const bench = openBench(size);
    await using _things = bench.things;
    const table = await tables.get(name)?.(bench);
    if (table === undefined) continue;
    console.log(plainText(table));
    made.push(table);
  }
  return made;
}
