import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, IsString, Matches, MaxLength, MinLength } from 'class-validator';

/** Hashing takes its input whole: a limit keeps a request from making it work for nothing. */
const PASSWORD_MAX_LENGTH = 128;

/** An e-mail address; spaces around it go, and case does not count. */
export const EmailField = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.trim().toLowerCase() : value,
    ),
    IsEmail({ require_tld: false }),
    MaxLength(254),
  );

/** A new password. */
export const PasswordField = (): PropertyDecorator =>
  applyDecorators(IsString(), MinLength(8), MaxLength(PASSWORD_MAX_LENGTH));

/** Free text that Postgres can store: its text type has no NUL. */
export const NameField = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    MaxLength(200),
    Matches(/^[^\u0000]*$/u, { message: '$property must not hold NUL' }),
  );
