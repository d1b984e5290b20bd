import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { TooManyLoginsError } from './auth.errors.js';

/**
 * Counts failed logins by address, and by address and user name, in Postgres: every process counts together.
 * An attempt counts when it starts and is given back when it succeeds, so that parallel guesses are not free.
 */
@Injectable()
export class LoginLimiter {
  private readonly byUser: RateLimiterPostgres;
  private readonly byAddress: RateLimiterPostgres;

  constructor(@InjectDataSource() dataSource: DataSource, { auth }: AppConfig) {
    const { attempts, attemptsPerAddress, windowSeconds } = auth.loginRateLimit;
    const common = {
      storeClient: dataSource,
      storeType: 'typeorm',
      tableName: 'login_failures',
      tableCreated: true,
      duration: windowSeconds,
    };
    this.byUser = new RateLimiterPostgres({ ...common, keyPrefix: 'user', points: attempts });
    this.byAddress = new RateLimiterPostgres({ ...common, keyPrefix: 'address', points: attemptsPerAddress });
  }

  /** @throws TooManyLoginsError */
  async countAttempt(address: string, username: string): Promise<void> {
    try {
      await this.byAddress.consume(address);
      await this.byUser.consume(userKey(address, username));
    } catch (refused) {
      if (refused instanceof RateLimiterRes) {
        throw new TooManyLoginsError(Math.max(1, Math.ceil(refused.msBeforeNext / 1000)));
      }
      throw refused;
    }
  }

  /** Takes back what a login that succeeded was counted. */
  async forgiveAttempt(address: string, username: string): Promise<void> {
    await Promise.all([this.byAddress.reward(address), this.byUser.delete(userKey(address, username))]);
  }
}

/** User names are as long as a caller likes; keys are not. */
const userKey = (address: string, username: string): string =>
  createHash('sha256').update(`${address}\n${username.trim().toLowerCase()}`).digest('base64url');
