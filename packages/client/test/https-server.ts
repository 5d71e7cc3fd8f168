/** A real HTTPS or HTTP server on 127.0.0.1 that answers as a test says. @module */
import { once } from 'node:events';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { serverKeyPem } from './certificates.ts';

/** Closed when the test ends. @param certificatePem null: plain HTTP @returns its URL, by the name `localhost` */
export async function listen(
  t: TestContext,
  certificatePem: string | null,
  listener: RequestListener,
): Promise<URL> {
  const server: Server =
    certificatePem === null
      ? createHttp(listener)
      : createHttps({ key: serverKeyPem, cert: certificatePem }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return new URL(`${certificatePem === null ? 'http' : 'https'}://localhost:${port}`);
}

export function answerJson(body: unknown, status = 200): RequestListener {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}
