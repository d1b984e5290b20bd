import { IsBoolean, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { EmailField, NameField, PasswordField } from './user-fields.decorators.js';

const isGiven = (_dto: object, value: unknown): boolean => value !== undefined;
const isNotNull = (_dto: object, value: unknown): boolean => value !== undefined && value !== null;

/** A new account. */
export class CreateUserDto {
  /** E-mail address: the user name at login. */
  @EmailField()
  email!: string;

  /** Password, 8 to 128 characters. */
  @PasswordField()
  password!: string;

  /** Name of the person. */
  @ValidateIf(isNotNull)
  @NameField()
  full_name?: string | null;

  /** Whether the account may be used. */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_active?: boolean = true;

  /** Whether the account manages users and models. */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_admin?: boolean = false;
}

/** Changes of an account by an administrator; what is left out stays. */
export class UpdateUserDto {
  /** New e-mail address. */
  @ValidateIf(isGiven)
  @EmailField()
  email?: string;

  /** New password; every token of the account ends. */
  @ValidateIf(isGiven)
  @PasswordField()
  password?: string;

  /** Name of the person. */
  @ValidateIf(isNotNull)
  @NameField()
  full_name?: string | null;

  /** Whether the account may be used. */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_active?: boolean;

  /** Whether the account manages users and models. */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_admin?: boolean;
}

/** Changes of one's own account; what is left out stays. */
export class UpdateMeDto {
  /** The present password: needed to change the e-mail address or the password. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  current_password?: string;

  /** New e-mail address. */
  @ValidateIf(isGiven)
  @EmailField()
  email?: string;

  /** New password; every token of the account ends. */
  @ValidateIf(isGiven)
  @PasswordField()
  password?: string;

  /** Name of the person. */
  @ValidateIf(isNotNull)
  @NameField()
  full_name?: string | null;
}
