import { UnauthorizedError } from './auth.errors.js';

const bearerPattern = /^Bearer +([\w.~+/=-]+) *$/i;

/**
 * The token of an `Authorization: Bearer …` header (RFC 6750 §2.1).
 *
 * @throws UnauthorizedError where there is none
 */
export function readBearerToken(authorization: string | undefined): string {
  const token = bearerPattern.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    throw new UnauthorizedError('The Authorization header must hold a bearer token');
  }
  return token;
}
