/** The API that is called: gives one token, and takes it. Bare `node:http`. @module */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const token = Buffer.from(JSON.stringify({ access_token: 'a-token-that-is-as-long-as-usual-0123456789' }));
const widget = Buffer.from(JSON.stringify({ id: 42, name: 'widget', tags: ['small', 'blue'], price: 9.5 }));

const server = createServer((request, response) => {
  const body = request.method === 'POST' ? token : widget;
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` }));
});
