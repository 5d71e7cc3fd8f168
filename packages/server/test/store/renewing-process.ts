/** A process that renews sessions until it is killed, and says each generation once it was answered. @module */
import { writeSync } from 'node:fs';
import type { SessionId } from '../../src/domain/ids.ts';
import { openDatabase } from '../../src/store/open.ts';

const [dataDir = '', ...ids] = process.argv.slice(2);
const db = await openDatabase({ url: null, dataDir, log: () => {}, clock: Date.now });

async function renewForEver(id: SessionId): Promise<never> {
  for (;;) {
    const generation = await db.changeSession(id, ({ session }) => {
      const next = session.generation + 1;
      return { session: { ...session, generation: next }, result: next };
    });
    writeSync(1, `${id} ${generation}\n`);
  }
}

await Promise.all(ids.map((id) => renewForEver(id as SessionId)));
