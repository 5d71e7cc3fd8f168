/** oidc-provider's storage as plain maps, without limits and without expiry: the cheapest there can be. @module */

interface Payload {
  readonly grantId?: string;
  consumed?: number;
}

const stored = new Map<string, Payload>();
/** Keys of what belongs to a grant and goes with it. */
const grants = new Map<string, string[]>();

export class MapAdapter {
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  async upsert(id: string, payload: Payload): Promise<void> {
    const key = this.#key(id);
    stored.set(key, payload);
    if (payload.grantId === undefined || this.#model === 'Grant') return;
    const members = grants.get(payload.grantId);
    if (members === undefined) grants.set(payload.grantId, [key]);
    else members.push(key);
  }

  async find(id: string): Promise<Payload | undefined> {
    return stored.get(this.#key(id));
  }

  async consume(id: string): Promise<void> {
    const payload = stored.get(this.#key(id));
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    stored.delete(this.#key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const key of grants.get(grantId) ?? []) stored.delete(key);
    grants.delete(grantId);
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }
}
