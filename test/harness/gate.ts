/** A TCP door between a server and its database that a test can shut. @module */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The database behind a door. */
export interface Gate {
  /** The database's URL, by way of the door. */
  readonly url: string;
  /** Ends every connection and refuses new ones, as when the database is away. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Puts a door before the database at `databaseUrl`; it is open at first. */
export async function openGate(databaseUrl: string): Promise<Gate> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Both halves are cut on purpose.
    socket.on('error', () => undefined);
    return socket;
  };
  const door = createServer((incoming) => {
    keep(incoming);
    if (!isOpen) return void incoming.destroy();
    const outgoing = keep(connect(Number(target.port), target.hostname));
    incoming.pipe(outgoing).pipe(incoming);
    incoming.once('close', () => outgoing.destroy());
    outgoing.once('close', () => incoming.destroy());
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(door.address() as AddressInfo).port}`;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    shut() {
      isOpen = false;
      cut();
    },
    open() {
      isOpen = true;
    },
    async close() {
      const closed = once(door, 'close');
      door.close();
      cut();
      await closed;
    },
  };
}
