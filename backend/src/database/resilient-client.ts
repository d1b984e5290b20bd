import { Client } from 'pg';

/**
 * A connection whose loss never ends the process. The pool and TypeORM listen for errors of a connection, but not in
 * the moment in which it goes from one user to the next: an `error` event without a listener is thrown there.
 * Whoever uses the connection learns of its loss from the query that fails.
 */
export class ResilientClient extends Client {
  constructor(config?: ConstructorParameters<typeof Client>[0]) {
    super(config);
    this.on('error', () => undefined);
  }
}
