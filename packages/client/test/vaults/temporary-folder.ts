/** A folder of the test's own, with mode 0700, removed when it ends. @module */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export function temporaryFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-vaults-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
