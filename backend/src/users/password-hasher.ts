import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** Argon2id with OWASP's first choice of parameters: 19 MiB, 2 passes, 1 lane (Password Storage Cheat Sheet). */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes and checks passwords, off the event loop. */
@Injectable()
export class PasswordHasher {
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return hash(password, parameters);
  }

  /** Where there is no hash to check against, it takes as long and answers false. */
  async verify(passwordHash: string | null, password: string): Promise<boolean> {
    if (passwordHash !== null) {
      return verify(passwordHash, password);
    }
    this.decoy ??= this.hash('no account has this password');
    await verify(await this.decoy, password);
    return false;
  }
}
