import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../auth/decorators/admin-only.decorator.js';
import { CurrentUser } from '../auth/decorators/current-user.decorator.js';
import { buildPage, PageQueryDto } from '../common/crud/page.dto.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { UuidParamPipe } from '../common/errors/uuid-param.pipe.js';
import type { AuthUser } from './auth-user.js';
import { CreateUserDto, UpdateMeDto, UpdateUserDto } from './dto/user-input.dto.js';
import { toUserDto, UserDto, UserPageDto } from './dto/user.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@ApiBearerAuth()
@ApiProblems('unauthorized')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Shows one's own account. */
  @Get('me')
  async getMe(@CurrentUser() me: AuthUser): Promise<UserDto> {
    return toUserDto(await this.users.getUser(me.id));
  }

  /** Changes one's own account; a new e-mail address or password needs `current_password`. */
  @Patch('me')
  @ApiProblems('email-taken', 'password-incorrect', 'validation-failed')
  async patchMe(@CurrentUser() me: AuthUser, @Body() changes: UpdateMeDto): Promise<UserDto> {
    return toUserDto(await this.users.updateMe(me, changes));
  }

  /** Changes one's own account, as `PATCH` does. */
  @Put('me')
  @ApiProblems('email-taken', 'password-incorrect', 'validation-failed')
  async putMe(@CurrentUser() me: AuthUser, @Body() changes: UpdateMeDto): Promise<UserDto> {
    return toUserDto(await this.users.updateMe(me, changes));
  }

  /** Lists accounts, oldest first. */
  @Get()
  @AdminOnly()
  @ApiProblems('forbidden', 'validation-failed')
  async listUsers(@Query() query: PageQueryDto): Promise<UserPageDto> {
    return buildPage(await this.users.listUsers(query), query, toUserDto);
  }

  /** Creates an account. */
  @Post()
  @AdminOnly()
  @ApiProblems('forbidden', 'email-taken', 'validation-failed')
  async createUser(@Body() input: CreateUserDto): Promise<UserDto> {
    return toUserDto(await this.users.createUser(input));
  }

  /** Shows an account. */
  @Get(':id')
  @AdminOnly()
  @ApiProblems('forbidden', 'user-not-found', 'validation-failed')
  async getUser(@Param('id', UuidParamPipe) id: string): Promise<UserDto> {
    return toUserDto(await this.users.getUser(id));
  }

  /** Changes an account; what is left out stays. */
  @Patch(':id')
  @AdminOnly()
  @ApiProblems('forbidden', 'user-not-found', 'email-taken', 'last-admin', 'own-account', 'validation-failed')
  async patchUser(
    @CurrentUser() admin: AuthUser,
    @Param('id', UuidParamPipe) id: string,
    @Body() changes: UpdateUserDto,
  ): Promise<UserDto> {
    return toUserDto(await this.users.updateUser(admin, id, changes));
  }

  /** Changes an account, as `PATCH` does. */
  @Put(':id')
  @AdminOnly()
  @ApiProblems('forbidden', 'user-not-found', 'email-taken', 'last-admin', 'own-account', 'validation-failed')
  async putUser(
    @CurrentUser() admin: AuthUser,
    @Param('id', UuidParamPipe) id: string,
    @Body() changes: UpdateUserDto,
  ): Promise<UserDto> {
    return toUserDto(await this.users.updateUser(admin, id, changes));
  }

  /** Deletes an account. */
  @Delete(':id')
  @AdminOnly()
  @HttpCode(204)
  @ApiProblems('forbidden', 'user-not-found', 'last-admin', 'own-account', 'validation-failed')
  async deleteUser(@CurrentUser() admin: AuthUser, @Param('id', UuidParamPipe) id: string): Promise<void> {
    await this.users.deleteUser(admin, id);
  }
}
