/** Answers that come compressed, though nobody asked for it. @module */
import { tooLarge } from './attempt.ts';
import type { HttpAnswer } from './http-exchange.ts';
import { HttpFailure } from './http-failure.ts';

type Decompression = 'gunzip' | 'inflate' | 'brotliDecompress' | 'zstdDecompress';

const decompressions: Readonly<Record<string, Decompression>> = {
  gzip: 'gunzip',
  'x-gzip': 'gunzip',
  deflate: 'inflate',
  br: 'brotliDecompress',
  zstd: 'zstdDecompress',
};

/**
 * The answer with its body as it was before compression.
 *
 * @param maxBytes of the body decompressed; null: no limit
 * @throws {HttpFailure} `too-large`, or `disconnected` for what cannot be decompressed
 */
export async function decompressed(answer: HttpAnswer, maxBytes: number | null): Promise<HttpAnswer> {
  const coding = answer.headers['content-encoding'];
  if (coding === undefined || coding === '' || coding === 'identity' || answer.body.length === 0)
    return answer;
  const name = decompressions[String(coding).toLowerCase()];
  if (name === undefined) return answer;
  return { ...answer, body: await decompress(name, answer.body, maxBytes) };
}

function decompress(name: Decompression, body: Uint8Array, maxBytes: number | null): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const options = maxBytes === null ? {} : { maxOutputLength: maxBytes };
  const run = process.getBuiltinModule('node:zlib')[name] as typeof import('node:zlib').gunzip;
  run(body, options, (error, whole) => {
    if (error === null) resolve(whole);
    else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(maxBytes ?? 0));
    else reject(new HttpFailure('disconnected', 'the answer is compressed, and cannot be decompressed'));
  });
  return promise;
}

/** The same for a body that is still coming. */
export async function decompressedStream(
  coding: string | readonly string[] | undefined,
  body: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const name = decompressions[String(coding ?? '').toLowerCase()];
  if (name === undefined) return body;
  const zlib = process.getBuiltinModule('node:zlib');
  const { Duplex } = process.getBuiltinModule('node:stream');
  const makers = {
    gunzip: zlib.createGunzip,
    inflate: zlib.createInflate,
    brotliDecompress: zlib.createBrotliDecompress,
    zstdDecompress: zlib.createZstdDecompress,
  };
  return body.pipeThrough(Duplex.toWeb(makers[name]()) as ReadableWritablePair<Uint8Array, Uint8Array>);
}
