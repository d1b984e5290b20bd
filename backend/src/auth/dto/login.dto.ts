import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** Credentials, as OAuth 2's password grant names them (RFC 6749 §4.3.2). */
export class LoginDto {
  /** E-mail address of the account. */
  @IsString()
  @MaxLength(254)
  @Matches(/^[^\u0000]*$/u, { message: '$property must not hold NUL' })
  username!: string;

  /** Password of the account. */
  @IsString()
  @MaxLength(128)
  password!: string;

  /** `password`, where it is given. */
  @IsOptional()
  @IsIn(['password', ''])
  grant_type?: string;

  /** Taken for OAuth 2's sake; it changes nothing. */
  @IsOptional()
  @IsString()
  scope?: string;

  /** Taken for OAuth 2's sake; it changes nothing. */
  @IsOptional()
  @IsString()
  client_id?: string;

  /** Taken for OAuth 2's sake; it changes nothing. */
  @IsOptional()
  @IsString()
  client_secret?: string;
}

/** An access token (RFC 6749 §5.1). */
export class AccessTokenDto {
  /** Goes into the header: `Authorization: Bearer <access_token>`. */
  access_token!: string;

  /** Always `bearer`. */
  @ApiProperty({ enum: ['bearer'] })
  token_type!: 'bearer';
}
