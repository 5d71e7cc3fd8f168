/** `npm run bench`: makes the tables, prints them, and on request writes them into README.md. @module */
import { type Arguments, readArguments } from './arguments.ts';
import { openBench, type Size } from './bench.ts';
import { describeMachine } from './report/machine.ts';
import { writeReadme } from './report/readme.ts';
import { plainText } from './report/render.ts';
import type { Table } from './report/table.ts';
import { tables } from './tables/tables.ts';

const names = [...tables.keys()];

const help = `Measures Tessera beside its peers and limits.

    npm run bench                    all tables, some thirteen minutes
    npm run bench -- refresh login   some of them: ${names.join(', ')}
    npm run bench -- --quick         a smoke run of a few minutes; its figures mean nothing
    npm run bench -- --write         all tables, also into bench/README.md
`;

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code: 2 for what cannot be run; a target that is missed is no failure */
async function main(args: readonly string[]): Promise<number> {
  const read = readArguments(args, names);
  if (read === 'help') {
    console.log(help);
    return 0;
  }
  if ('fault' in read) return refuse(read.fault);
  if (process.platform !== 'linux')
    return refuse('The bench needs Linux: it reads /proc and binds processes to cores.');
  await run(read);
  return 0;
}

function refuse(fault: string): number {
  console.error(`${fault}\n\n${help}`);
  return 2;
}

async function run({ names: asked, size, readme }: Arguments): Promise<void> {
  const machine = describeMachine();
  console.log(machine);
  const made = await make(asked.length > 0 ? asked : names, size);
  const verdicts = made.flatMap((table) => table.verdicts);
  const reached = verdicts.filter(({ isReached }) => isReached);
  console.log(`${reached.length} of ${verdicts.length} targets reached.`);
  if (readme === 'written') writeReadme(machine, made);
}

async function make(asked: readonly string[], size: Size): Promise<Table[]> {
  const made: Table[] = [];
  for (const name of asked) {
    const bench = openBench(size);
    await using _things = bench.things;
    const table = await tables.get(name)?.(bench);
    if (table === undefined) continue;
    console.log(plainText(table));
    made.push(table);
  }
  return made;
}
