/** Fetches a JWK Set: one request, bounded in time and size, following no redirect. @module */

export type RemoteKeysFailure =
  | 'unreachable'
  | 'timeout'
  | 'redirect'
  | 'bad_status'
  | 'too_large'
  | 'bad_content';

const messages: Readonly<Record<RemoteKeysFailure, string>> = {
  unreachable: 'the key server cannot be reached',
  timeout: 'the key server did not answer in time',
  redirect: 'the key server answered with a redirect, which is not followed',
  bad_status: 'the key server did not answer with status 200',
  too_large: 'the key server sent more than a key set may have',
  bad_content: 'the key server did not send a usable JWK Set',
};

/** The keys of another server could not be had. A fault of the network or of that server, never of a token: answer 503. */
export class RemoteKeysError extends Error {
  override readonly name: 'RemoteKeysError' = 'RemoteKeysError';
  readonly reason: RemoteKeysFailure;

  constructor(reason: RemoteKeysFailure) {
    super(messages[reason]);
    this.reason = reason;
  }
}

export interface FetchLimits {
  readonly fetch: typeof globalThis.fetch;
  /** For the whole exchange, body included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** @throws {RemoteKeysError} */
export async function fetchText(url: URL, limits: FetchLimits): Promise<string> {
  try {
    const response = await limits.fetch(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'manual',
      credentials: 'omit',
      signal: AbortSignal.timeout(limits.timeoutMs),
    });
    const failure = failureOf(response);
    if (failure !== null) {
      await response.body?.cancel();
      throw new RemoteKeysError(failure);
    }
    return await readText(response, limits.maxBytes);
  } catch (error) {
    if (error instanceof RemoteKeysError) throw error;
    throw new RemoteKeysError(isTimeout(error) ? 'timeout' : 'unreachable');
  }
}

function failureOf(response: Response): RemoteKeysFailure | null {
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400))
    return 'redirect';
  return response.status === 200 ? null : 'bad_status';
}

/** Counts what arrives, since Content-Length may be absent, wrong, or of the compressed body. */
async function readText(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the body, and with it the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new RemoteKeysError('too_large');
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new RemoteKeysError('bad_content');
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
