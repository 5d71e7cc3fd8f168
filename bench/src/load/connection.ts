/** One connection with one request in flight, over and over. @module */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Latencies } from '../measure/latencies.ts';
import { readAnswer } from './answer.ts';
import type { Load } from './load.ts';

/** Longer than any answer. */
const bufferBytes = 65_536;

/** One turn of work: from `open` to its end. */
interface Work {
  readonly latencies: Latencies;
  readonly isOver: () => boolean;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

/** Its requests stay with it from turn to turn, with the tokens of the last answers in them. */
export class Connection {
  readonly #load: Load;
  readonly #requests: readonly Buffer[];
  readonly #markers: readonly Buffer[];
  readonly #received: Buffer = Buffer.allocUnsafe(bufferBytes);
  #receivedBytes = 0;
  #turn = 0;
  #sentAtMs = 0;
  #socket: Socket | null = null;
  #work: Work | null = null;

  constructor(load: Load, requests: readonly string[]) {
    this.#load = load;
    this.#requests = requests.map((text) => Buffer.from(text, 'latin1'));
    this.#markers = load.follow.map(({ marker }) => Buffer.from(marker, 'latin1'));
  }

  async open(): Promise<void> {
    const socket = connect({
      port: this.#load.port,
      host: '127.0.0.1',
      noDelay: true,
      // Without it every answer would cost a buffer and an event.
      onread: {
        buffer: () => this.#received.subarray(this.#receivedBytes),
        callback: (bytes) => this.#receive(bytes),
      },
    });
    await once(socket, 'connect');
    this.#receivedBytes = 0;
    this.#socket = socket;
    socket.on('error', (error) => this.#work?.failed(error));
    socket.on('close', () => this.#work?.failed(new Error('the server closed a connection')));
  }

  /** Sends until it is over, then waits for the last answer. */
  async work(latencies: Latencies, isOver: () => boolean): Promise<void> {
    try {
      await new Promise<void>((done, failed) => {
        this.#work = { latencies, isOver, done, failed };
        this.#send();
      });
    } finally {
      this.#work = null;
      this.#socket?.destroy();
    }
  }

  readonly #send = (): void => {
    this.#sentAtMs = performance.now();
    this.#socket?.write(this.#request());
  };

  #request(): Buffer {
    return this.#requests[this.#turn] as Buffer;
  }

  #receive(bytes: number): boolean {
    this.#receivedBytes += bytes;
    const received = this.#received.subarray(0, this.#receivedBytes);
    try {
      const answer = readAnswer(received);
      if (answer !== null) this.#take(received, answer.status);
    } catch (error) {
      this.#work?.failed(error as Error);
    }
    return true;
  }

  #take(answer: Buffer, status: number): void {
    if (this.#work === null) return;
    const { latencies, isOver, done } = this.#work;
    const isSuccess = status >= 200 && status < 300;
    if (isSuccess) this.#keepTokens(answer);
    else if (this.#load.accept === 'successes') throw new Error(`refused: ${answer.toString('latin1')}`);
    const isLast = isOver();
    if (isSuccess && !isLast) latencies.record(performance.now() - this.#sentAtMs);
    this.#receivedBytes = 0;
    this.#turn = (this.#turn + 1) % this.#requests.length;
    if (isLast) done();
    else if (this.#load.pauseMs === 0) this.#send();
    else setTimeout(this.#send, this.#load.pauseMs);
  }

  /** Into the request that was answered, byte for byte. */
  #keepTokens(answer: Buffer): void {
    for (const [index, follow] of this.#load.follow.entries()) {
      const marker = this.#markers[index] as Buffer;
      const at = answer.indexOf(marker) + marker.length;
      if (at < marker.length) throw new Error(`an answer without ${follow.marker}`);
      answer.copy(this.#request(), follow.at, at, at + follow.length);
    }
  }
}
