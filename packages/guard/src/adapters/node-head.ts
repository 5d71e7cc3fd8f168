/** Node's requests as the guard sees them. @module */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { RequestHead } from '../request/request-head.ts';

/** A class, because it is made for every request: nothing is read before it is asked for. */
export class NodeHead implements RequestHead {
  protected readonly request: IncomingMessage;
  readonly method: string;
  readonly target: string;

  constructor(request: IncomingMessage, target: string) {
    this.request = request;
    this.method = request.method ?? '';
    this.target = target;
  }

  /** Names and values in turn, as they came: in `headers` a second `Authorization` would be gone. */
  get headers(): readonly string[] {
    return this.request.rawHeaders;
  }

  get remoteAddress(): string | null {
    return this.request.socket.remoteAddress ?? null;
  }

  get isPrivate(): boolean {
    return isEncrypted(this.request) || isLoopback(this.request.socket.remoteAddress ?? '');
  }
}

/** Where the program knows better whose request it is: behind a proxy. */
export class AddressedHead extends NodeHead {
  readonly #addressOf: () => string | null;

  constructor(request: IncomingMessage, target: string, addressOf: () => string | null) {
    super(request, target);
    this.#addressOf = addressOf;
  }

  override get remoteAddress(): string | null {
    try {
      return this.#addressOf();
    } catch {
      // A header that the program cannot read must not end it.
      return super.remoteAddress;
    }
  }
}

function isEncrypted({ socket }: IncomingMessage): boolean {
  return (socket as Partial<TLSSocket>).encrypted === true;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
}
