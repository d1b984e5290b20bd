import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../users/password-hasher.js';
import { UsersService } from '../users/users.service.js';
import { CredentialsIncorrectError } from './auth.errors.js';
import type { AccessTokenDto, LoginDto } from './dto/login.dto.js';
import { LoginLimiter } from './login-limiter.js';
import { TokenService } from './token.service.js';

/** Exchanges credentials for an access token. */
@Injectable()
export class AuthService {
  constructor(
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly limiter: LoginLimiter,
    private readonly tokens: TokenService,
  ) {}

  /**
   * Takes as long for an unknown user as for a wrong password.
   *
   * @param address where the request comes from
   * @throws CredentialsIncorrectError, TooManyLoginsError
   */
  async login({ username, password }: LoginDto, address: string): Promise<AccessTokenDto> {
    await this.limiter.countAttempt(address, username);
    const user = await this.users.findByEmail(username);
    const isCorrect = await this.hasher.verify(user?.passwordHash ?? null, password);
    if (!user?.isActive || !isCorrect) {
      throw new CredentialsIncorrectError();
    }
    await this.limiter.forgiveAttempt(address, username);
    return {
      access_token: this.tokens.sign({ sub: user.id, ver: user.tokenVersion }),
      token_type: 'bearer',
    };
  }
}
