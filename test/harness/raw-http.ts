/** Bytes on a socket, for requests that no honest HTTP client would send. @module */
import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Sends `bytes` to the server at `url` and gives back all that it answers until it closes the connection, or is
 * silent for `silenceMs`.
 */
export async function sendRaw(url: string, bytes: string | Buffer, silenceMs = 1_000): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset after the refusal was read is an ordinary end here.
  socket.on('error', () => undefined);
  socket.setTimeout(silenceMs, () => socket.destroy());
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}
