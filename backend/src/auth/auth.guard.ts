import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { isUUID } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { AppConfig } from '../config/app-config.js';
import type { AuthUser } from '../users/auth-user.js';
import { UsersService } from '../users/users.service.js';
import { ForbiddenError, UnauthorizedError } from './auth.errors.js';
import { readBearerToken } from './bearer-token.js';
import { IS_ADMIN_ONLY } from './decorators/admin-only.decorator.js';
import { IS_PUBLIC } from './decorators/public.decorator.js';
import { TokenService } from './token.service.js';

/** What `@Public()` and `@PublicWhere()` leave on a route. */
type PublicMark = boolean | ((config: AppConfig) => boolean);

/** Guards every route: an access token of an active account, unless `@Public()`; an administrator where `@AdminOnly()`. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenService,
    private readonly users: UsersService,
    private readonly config: AppConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const isPublic = this.reflector.getAllAndOverride<PublicMark | undefined>(IS_PUBLIC, targets);
    if (typeof isPublic === 'function' ? isPublic(this.config) : isPublic) {
      return true;
    }
    const isAdminOnly =
      this.reflector.getAllAndOverride<boolean | undefined>(IS_ADMIN_ONLY, targets) ?? false;
    return this.admit(
      context.switchToHttp().getRequest<FastifyRequest & { user: AuthUser | null }>(),
      isAdminOnly,
    );
  }

  private async admit(
    request: FastifyRequest & { user: AuthUser | null },
    isAdminOnly: boolean,
  ): Promise<boolean> {
    const user = await this.identify(request.headers.authorization);
    if (isAdminOnly && !user.isAdmin) {
      throw new ForbiddenError();
    }
    request.user = user;
    return true;
  }

  private async identify(authorization: string | undefined): Promise<AuthUser> {
    const claims = this.tokens.verify(readBearerToken(authorization));
    const user = isUUID(claims.sub) ? await this.users.findAuthUser(claims.sub) : null;
    if (!user?.isActive || user.tokenVersion !== claims.ver) {
      throw new UnauthorizedError('The access token is no longer valid');
    }
    return user;
  }
}
