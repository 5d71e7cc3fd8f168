/** A program that protects its API with `@tessera/guard`, as a process of its own; its parent says how. @module */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, jwt, type RegistryOptions, type TesseraOptions, tessera } from '@tessera/guard';
import { principalOf, protect } from '@tessera/guard/node';

/** What the parent sends first. */
export interface Setup {
  readonly tessera?: TesseraOptions;
  readonly jwt?: { readonly signingKey: string; readonly issuer: string };
  readonly registry?: RegistryOptions;
}

process.once('message', ({ tessera: server, jwt: shared, registry }: Setup) => {
  const guard = createGuard({
    methods: [
      ...(server === undefined ? [] : [tessera(server)]),
      ...(shared === undefined ? [] : [jwt(shared)]),
    ],
    ...(registry === undefined ? {} : { registry }),
  });
  const api = createServer(
    protect(guard, (request, response) => {
      const { userName, roles, scope } = principalOf(request);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ userName, roles, scope }));
    }),
  );
  api.listen(0, '127.0.0.1', () => process.send?.({ port: (api.address() as AddressInfo).port }));
  process.on('message', () => process.send?.({ metrics: guard.metrics() }));
});
process.once('disconnect', () => process.exit(0));
