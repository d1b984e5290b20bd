import { Injectable } from '@nestjs/common';
import { createSigner, createVerifier, TokenError } from 'fast-jwt';
import { AppConfig } from '../config/app-config.js';
import { UnauthorizedError } from './auth.errors.js';

const ISSUER = 'vitrine';
const AUDIENCE = 'vitrine-api';
/** Verified tokens that are remembered, each no longer than it is valid. */
const VERIFIED_TOKENS = 5_000;

/** What an access token says. */
export interface AccessTokenClaims {
  /** Account id. */
  sub: string;
  /** The account's `tokenVersion` when the token was made. */
  ver: number;
}

/** Makes and checks access tokens: JWT signed with HMAC SHA-256 (RFC 7519, RFC 7518 §3.2). */
@Injectable()
export class TokenService {
  private readonly signer: (claims: AccessTokenClaims) => string;
  private readonly verifier: (token: string) => unknown;

  constructor({ auth }: AppConfig) {
    this.signer = createSigner({
      key: auth.secretKey,
      algorithm: 'HS256',
      expiresIn: auth.accessTokenExpireMinutes * 60_000,
      iss: ISSUER,
      aud: AUDIENCE,
    });
    this.verifier = createVerifier({
      key: auth.secretKey,
      algorithms: ['HS256'],
      allowedIss: ISSUER,
      allowedAud: AUDIENCE,
      requiredClaims: ['sub', 'ver', 'iat', 'exp', 'iss', 'aud'],
      cache: VERIFIED_TOKENS,
    });
  }

  sign(claims: AccessTokenClaims): string {
    return this.signer({ sub: claims.sub, ver: claims.ver });
  }

  /** @throws UnauthorizedError where the token is not ours, was changed, or has expired */
  verify(token: string): AccessTokenClaims {
    const claims = this.decode(token);
    if (typeof claims.sub !== 'string' || typeof claims.ver !== 'number') {
      throw new UnauthorizedError('The access token is not valid');
    }
    return { sub: claims.sub, ver: claims.ver };
  }

  private decode(token: string): { sub?: unknown; ver?: unknown } {
    try {
      return this.verifier(token) as { sub?: unknown; ver?: unknown };
    } catch (error) {
      const isExpired = error instanceof TokenError && error.code === TokenError.codes.expired;
      throw new UnauthorizedError(
        isExpired ? 'The access token has expired' : 'The access token is not valid',
        {
          cause: error,
        },
      );
    }
  }
}
