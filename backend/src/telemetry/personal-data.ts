import type { Attributes } from '@opentelemetry/api';

/**
 * Overrides the attributes of the HTTP conventions that say who asked, and what for: an attribute without a value is
 * not recorded.
 */
export const withoutCaller: Attributes = {
  'url.query': undefined,
  'client.address': undefined,
  'network.peer.address': undefined,
  'network.peer.port': undefined,
  'user_agent.original': undefined,
};

/** The same for a request that this process sends: its address without user, password and query. */
export function withoutSecrets(origin: string, path: string): Attributes {
  const { pathname } = new URL(path, 'http://host');
  return { 'url.full': `${origin}${pathname}`, 'url.query': undefined, 'user_agent.original': undefined };
}
