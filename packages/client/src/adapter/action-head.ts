/** What every action says first: its method and its protocol. @module */
import type { ConfigNode } from './config-node.ts';

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];

export function readMethodOf(action: ConfigNode): string {
  const node = action.at('method');
  node.demand('write POST or GET');
  const method = node.text('POST').toUpperCase();
  if (!methods.includes(method)) {
    node.error({
      reason: `${JSON.stringify(node.value)} is no method`,
      cure: `use ${methods.join(', ')}`,
      icode: 'AD.302',
    });
  }
  return method;
}

export function checkProtocol(action: ConfigNode): void {
  const node = action.at('protocol');
  if (node.isAbsent || String(node.value).toUpperCase() === 'REST') return;
  node.error({
    reason: `${JSON.stringify(node.value)} is no protocol of actions`,
    cure: 'write REST',
    icode: 'AD.303',
  });
}
