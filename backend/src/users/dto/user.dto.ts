import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../common/crud/page.dto.js';
import type { User } from '../entities/user.entity.js';

/** An account. */
export class UserDto {
  /** Identity of the account. */
  @ApiProperty({ format: 'uuid' })
  id!: string;
  /** E-mail address, in lower case: the user name at login. */
  email!: string;
  /** Name of the person. */
  @ApiProperty({ type: String, nullable: true })
  full_name!: string | null;
  /** Whether the account may be used. */
  is_active!: boolean;
  /** Whether the account manages users and models. */
  is_admin!: boolean;
  /** When the account was made. */
  created_at!: Date;
  /** When the account was last changed. */
  updated_at!: Date;
}

/** One part of the list of accounts. */
export class UserPageDto extends PageOf(UserDto) {}

/** What callers see of an account. */
export function toUserDto(user: User): UserDto {
  return {
    id: user.id,
    email: user.email,
    full_name: user.fullName,
    is_active: user.isActive,
    is_admin: user.isAdmin,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}
