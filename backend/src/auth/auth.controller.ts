import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AcceptsBody } from '../common/decorators/accepts-body.decorator.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import type { AuthUser } from '../users/auth-user.js';
import { toUserDto, UserDto } from '../users/dto/user.dto.js';
import { UsersService } from '../users/users.service.js';
import { AuthService } from './auth.service.js';
import { CurrentUser } from './decorators/current-user.decorator.js';
import { Public } from './decorators/public.decorator.js';
import { AccessTokenDto, LoginDto } from './dto/login.dto.js';

@ApiTags('login')
@Controller('login')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
  ) {}

  /** Exchanges an e-mail address and a password for an access token. */
  @Post('access-token')
  @Public()
  @HttpCode(200)
  @AcceptsBody({ types: ['application/x-www-form-urlencoded', 'application/json'] })
  @ApiProblems('credentials-incorrect', 'too-many-requests', 'unsupported-media-type', 'validation-failed')
  login(@Body() credentials: LoginDto, @Ip() address: string): Promise<AccessTokenDto> {
    return this.auth.login(credentials, address);
  }

  /** Shows the account of an access token. */
  @Post('test-token')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiProblems('unauthorized')
  async testToken(@CurrentUser() user: AuthUser): Promise<UserDto> {
    return toUserDto(await this.users.getUser(user.id));
  }
}
