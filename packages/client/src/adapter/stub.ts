/** What stands in for servers when `stub` is true. @module */
import type { Stub } from '../plan/token-plan.ts';
import { type AdapterFiles, filePath } from './actions.ts';
import type { ConfigNode } from './config-node.ts';
import { responseObject } from './response-schema.ts';

/** A mock file that cannot be read is an error only where it is used. */
export function readStub(files: AdapterFiles, action: ConfigNode | null, isStub: boolean): Stub | null {
  const node = action === null ? null : responseObject(action).at('mockFile');
  const path = node === null ? null : filePath(node);
  const text = path !== null && Object.hasOwn(files, path) ? (files[path] ?? null) : null;
  if (path !== null && text === null) {
    const fault = {
      reason: `there is no file ${JSON.stringify(path)}`,
      cure: 'add it, or remove mockFile',
      icode: 'AD.301',
    } as const;
    if (isStub) node?.error(fault);
    else node?.warn(fault);
  }
  return isStub ? { tokenAnswer: text } : null;
}
