/** Our own Postgres cannot be started, stopped or found; the message says what to do about it. */
export class PostgresServerError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostgresServerError';
  }
}
