import type { OnApplicationBootstrap } from '@nestjs/common';
import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { UsersService } from './users.service.js';

/** Creates the administrator of the configuration at the first start; later starts leave the account as it is. */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap {
  private readonly logger = new Logger(FirstAdmin.name);

  constructor(
    private readonly config: AppConfig,
    private readonly users: UsersService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { email, password } = this.config.auth.firstAdmin;
    if (password === null) {
      this.logger.warn('FIRST_ADMINUSER_PASSWORD is not set: no administrator is created');
      return;
    }
    if (await this.users.ensureAdmin(email, password)) {
      this.logger.log('The first administrator was created');
    }
  }
}
