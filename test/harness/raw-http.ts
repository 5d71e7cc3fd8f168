/** Bytes on a socket, for requests that no honest HTTP client would send. @module */
import { connect } from 'node:net';

/**
 * Sends `bytes` to the server at `url` and gives back all that it answers until it closes the connection, or is
 * silent for `silenceMs`.
 */
export async function sendRaw(url: string, bytes: string | Buffer, silenceMs = 1_000): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  const closed = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.once('close', () => closed.resolve());
  // A reset after the refusal was read is an ordinary end here.
  socket.on('error', () => undefined);
  socket.setTimeout(silenceMs, () => socket.destroy());
  socket.write(bytes);
  await closed.promise;
  return Buffer.concat(chunks).toString();
}
