import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AppConfig } from '../config/app-config.js';
import type { AuthUser } from './auth-user.js';

/** Most accounts that are remembered. */
const MAX_USERS = 10_000;

/** Remembers signed-in accounts for a short time, so that not every request reads them again. */
@Injectable()
export class UserCache {
  private readonly users: LRUCache<string, Promise<AuthUser | null>> | null;

  constructor(config: AppConfig) {
    const ttl = config.auth.userCacheMs;
    this.users = ttl > 0 ? new LRUCache({ max: MAX_USERS, ttl }) : null;
  }

  /** Requests that ask for the same account at once share one read; a read that failed is forgotten. */
  get(id: string, read: () => Promise<AuthUser | null>): Promise<AuthUser | null> {
    const known = this.users?.get(id);
    if (known || !this.users) {
      return known ?? read();
    }
    const reading = read();
    this.users.set(id, reading);
    reading.catch(() => {
      if (this.users?.peek(id) === reading) {
        this.users.delete(id);
      }
    });
    return reading;
  }

  forget(id: string): void {
    this.users?.delete(id);
  }
}
