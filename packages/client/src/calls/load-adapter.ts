/** A client from an adapter's folder and its service configuration. @module */

import type { AdapterOptions } from '../adapter/adapter-options.ts';
import { loadTokenPlan } from '../adapter/load-token-plan.ts';
import type { ClientOptions } from './client-options.ts';
import { openClient, type TokenClient } from './token-client.ts';

/**
 * Reads the files once: a changed folder needs a new client.
 *
 * @param dir the adapter's home, or its `.system` folder
 * @param properties the service configuration, or a wrapper `{ id, type, properties }`
 * @throws {ConfigurationError} with everything that is wrong
 */
export async function loadAdapter(
  dir: string,
  properties: unknown,
  options: AdapterOptions & ClientOptions = {},
): Promise<TokenClient> {
  return openClient(await loadTokenPlan(dir, properties, options), options);
}
