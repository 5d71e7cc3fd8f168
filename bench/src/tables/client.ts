/** Calling an API with a cached token, beside bare undici, axios and the original library. @module */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { writeAdapterHome } from '../callers/adapter.ts';
import { CallerProcess } from '../callers/caller-process.ts';
import type { CallerName } from '../callers/callers.ts';
import { compare } from '../measure/comparison.ts';
import { type Interleaved, interleave, type Measured } from '../measure/interleave.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, type Table, type Verdict } from '../report/table.ts';
import { loadCore } from '../servers/cores.ts';
import { type RunningServer, startPinned } from '../servers/pinned-process.ts';

const apiFile = fileURLToPath(new URL('../callers/api-main.ts', import.meta.url));
const many = 50;

/** Called with a token that lives for an hour. */
const names = {
  tessera: 'Tessera, client.request',
  undici: 'bare undici.request',
  fetch: 'bare fetch',
  axios: 'axios with axios-auth-refresh',
  original: 'adapter-utils 5.10.1',
} as const satisfies Partial<Record<CallerName, string>>;

/** With one that lives for a minute, which the original takes for too old to be used again. */
const minuteNames = {
  'tessera-minute': 'Tessera, token of a minute',
  'original-minute': 'adapter-utils, token of a minute',
} as const satisfies Partial<Record<CallerName, string>>;

/** The API that is called, and the adapter by which. */
export async function startCallers({ folder, things }: Bench): Promise<{
  readonly start: (caller: CallerName) => CallerProcess;
  readonly api: RunningServer;
}> {
  const home = join(folder, 'adapter');
  writeAdapterHome(home);
  const api = things.use(await startPinned({ cores: [loadCore], args: [apiFile], env: {} }));
  return { api, start: (caller) => things.use(new CallerProcess(caller, api, home)) };
}

export async function clientTable(bench: Bench): Promise<Table> {
  const { start } = await startCallers(bench);
  const callersOf = (
    named: Partial<Record<CallerName, string>>,
  ): ((inFlight: number) => Promise<Interleaved>) => {
    const processes = (Object.entries(named) as [CallerName, string][]).map(
      ([caller, name]) => [name, start(caller)] as const,
    );
    return (inFlight) =>
      interleave(
        processes.map(([name, one]) => one.contender(`${name}, ${inFlight} in flight`, inFlight)),
        bench.pace,
      );
  };
  const measure = callersOf(names);
  const [oneByOne, atOnce] = [await measure(1), await measure(many)];
  const minute = await callersOf(minuteNames)(1);
  return {
    title: 'Calling an API with a cached token',
    method: `GET of a small JSON answer, by the same adapter for Tessera and adapter-utils; the caller on one core, a bare node:http server on the other; one call after the other, and ${many} at once. The token lives for an hour; in the last rows for a minute.`,
    columns: loadColumns('Tessera').with(0, 'caller'),
    rows: [...loadRows(oneByOne), ...loadRows(atOnce), ...loadRows(minute)],
    verdicts: [
      ...verdictsOf(oneByOne, 'one by one', 0.95),
      ...verdictsOf(atOnce, `${many} at once`, 0.9),
      minuteVerdict(minute),
    ],
    notes: [oneByOne, atOnce, minute].flatMap(disturbanceNotes),
  };
}

function verdictsOf({ measured }: Interleaved, how: string, share: number): Verdict[] {
  const [ours, undici, fetch, axios, original] = measured as readonly [
    Measured,
    Measured,
    Measured,
    Measured,
    Measured,
  ];
  const ratio = (theirs: Measured): number => compare(ours, theirs).byWall;
  return [
    atLeast(`to bare undici.request, ${how}`, ratio(undici), share, 'req/s'),
    atLeast(`to bare fetch, ${how}`, ratio(fetch), 1, 'req/s'),
    atLeast(`to axios with axios-auth-refresh, ${how}`, ratio(axios), 1, 'req/s'),
    atLeast(`to adapter-utils, ${how}`, ratio(original), 250, 'req/s'),
  ];
}

function minuteVerdict({ measured }: Interleaved): Verdict {
  const [ours, original] = measured as readonly [Measured, Measured];
  return atLeast('to adapter-utils, token of a minute', compare(ours, original).byWall, 250, 'req/s');
}
