import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';

/**
 * Sends a PUT whose body is a stream and resolves with the answer, whatever its status. `fetch` would keep the whole
 * body in memory, for a redirect that may ask for it again.
 *
 * @param options.size bytes of the body
 */
export async function putStream(
  url: string,
  options: {
    body: AsyncIterable<Uint8Array>;
    size: number;
    headers: Record<string, string>;
    signal: AbortSignal;
  },
): Promise<Response> {
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const request = send(url, {
    method: 'PUT',
    headers: { ...options.headers, 'content-length': options.size },
    signal: options.signal,
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  // A server that refuses may answer before it has read everything: its answer counts, not the broken pipe.
  pipeline(options.body, request).catch((error: unknown) => request.destroy(error as Error));
  const message = await answer;
  const headers = Object.entries(message.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const body = await text(message);
  const status = message.statusCode ?? 0;
  // A `Response` of these has no body.
  return new Response(status === 204 || status === 304 ? null : body, { status, headers });
}
