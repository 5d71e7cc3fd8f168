/** A door before a real server, through which requests pass and some answers do not. @module */
import { request as forward } from 'node:http';
import type { TestContext } from 'node:test';
import { listen } from '../https-server.ts';

export interface LosingDoor {
  /** `localhost:PORT` */
  readonly host: string;
  /** How many of the next renewals reach the server and whose answers are lost. */
  lose: number;
  /** How many of the next renewals are answered with 503 and do not reach the server. */
  refuse: number;
  /** Renewals that reached the server. */
  readonly renewals: () => number;
  /** Called when the server has answered a renewal, before anybody hears of it. */
  onRenewed: () => Promise<void>;
}

export async function openLosingDoor(t: TestContext, serverUrl: string): Promise<LosingDoor> {
  let renewals = 0;
  const door = { host: '', lose: 0, refuse: 0, renewals: () => renewals, onRenewed: async () => {} };
  const url = await listen(t, null, async (request, response) => {
    const body = Buffer.concat((await Array.fromAsync(request)) as Buffer[]);
    const isRenewal = request.url === '/aapi/jwt/token/renew';
    if (isRenewal && door.refuse > 0) {
      door.refuse -= 1;
      response.writeHead(503).end();
      return;
    }
    if (isRenewal) renewals += 1;
    const { host: _, ...headers } = request.headers;
    const outgoing = forward(new URL(request.url ?? '/', serverUrl), { method: request.method, headers });
    outgoing.on('response', async (answer) => {
      const text = Buffer.concat((await Array.fromAsync(answer)) as Buffer[]);
      if (isRenewal) await door.onRenewed();
      if (isRenewal && door.lose > 0) {
        door.lose -= 1;
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 0, answer.headers).end(text);
    });
    outgoing.end(body);
  });
  door.host = url.host;
  return door;
}
