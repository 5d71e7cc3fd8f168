/** Ways to call an API that wants a token: each makes one call and reads its JSON. @module */
import { Agent } from 'node:http';
import { loadAdapter } from '@tessera/client';
import axios from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';
import { request } from 'undici';
import { originalCaller } from '../original/original-caller.ts';
import { propertiesFor, tokenTimeoutsMs } from './adapter.ts';

export interface Calling {
  readonly port: number;
  /** Of the adapter. */
  readonly home: string;
}

export type CallOnce = () => Promise<unknown>;

export type CallerName =
  | 'tessera'
  | 'undici'
  | 'fetch'
  | 'axios'
  | 'original'
  | 'tessera-minute'
  | 'original-minute';

const path = '/api/v1/widgets/42?limit=5';

export const callers: Readonly<Record<CallerName, (calling: Calling) => Promise<CallOnce>>> = {
  tessera: (calling) => byTessera(calling, tokenTimeoutsMs.hour),
  'tessera-minute': (calling) => byTessera(calling, tokenTimeoutsMs.minute),
  /** The least that can be: the token is known, nothing is looked at. */
  async undici({ port }) {
    const headers = { accept: 'application/json', authorization: `Bearer ${await tokenFrom(port)}` };
    const url = `http://127.0.0.1:${port}${path}`;
    return async () => (await request(url, { method: 'GET', headers })).body.json();
  },
  async fetch({ port }) {
    const headers = { accept: 'application/json', authorization: `Bearer ${await tokenFrom(port)}` };
    const url = `http://127.0.0.1:${port}${path}`;
    return async () => (await fetch(url, { headers })).json();
  },
  async axios({ port }) {
    const instance = axios.create({
      baseURL: `http://127.0.0.1:${port}`,
      httpAgent: new Agent({ keepAlive: true }),
      headers: { accept: 'application/json' },
    });
    let token = await tokenFrom(port);
    instance.interceptors.request.use((config) => {
      config.headers.set('Authorization', `Bearer ${token}`);
      return config;
    });
    // Its types were made against another copy of axios.
    createAuthRefresh(instance as unknown as Parameters<typeof createAuthRefresh>[0], async () => {
      token = await tokenFrom(port);
    });
    return async () => (await instance.get(path)).data;
  },
  original: (calling) => byOriginal(calling, tokenTimeoutsMs.hour),
  'original-minute': (calling) => byOriginal(calling, tokenTimeoutsMs.minute),
};

async function byTessera({ port, home }: Calling, tokenTimeoutMs: number): Promise<CallOnce> {
  const client = await loadAdapter(home, propertiesFor(port, tokenTimeoutMs));
  return () => client.request({ method: 'GET', path });
}

function byOriginal({ port, home }: Calling, tokenTimeoutMs: number): Promise<CallOnce> {
  return originalCaller(home, propertiesFor(port, tokenTimeoutMs), path);
}

async function tokenFrom(port: number): Promise<string> {
  const body = JSON.stringify({ user: 'user', passwd: 'password' });
  const answer = await request(`http://127.0.0.1:${port}/login`, { method: 'POST', body });
  return ((await answer.body.json()) as { access_token: string }).access_token;
}
