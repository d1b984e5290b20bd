/** What a request carries. */
export interface RequestOptions {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  form?: Record<string, string>;
  /** Sent as it is: bytes, a string, a `FormData`. */
  body?: NonNullable<RequestInit['body']>;
  headers?: Record<string, string>;
}

export interface ApiResponse<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  /** Parsed where it is JSON; else the text. */
  body: T;
}

/** A caller of the API over real HTTP, with or without an access token. */
export class ApiClient {
  constructor(
    readonly baseUrl: string,
    readonly token: string | null = null,
  ) {}

  withToken(token: string | null): ApiClient {
    return new ApiClient(this.baseUrl, token);
  }

  /** @throws Error where the credentials are refused */
  async login(username: string, password: string): Promise<ApiClient> {
    const response = await this.send<{ access_token: string }>('POST', '/api/v1/login/access-token', {
      form: { username, password },
    });
    if (response.status !== 200) {
      throw new Error(`Login of ${username} failed: ${JSON.stringify(response.body)}`);
    }
    return this.withToken(response.body.access_token);
  }

  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    { json, form, body, headers = {} }: RequestOptions = {},
  ): Promise<ApiResponse<T>> {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      redirect: 'manual',
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      body: json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form) : body,
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : text) as T,
    };
  }

  get<T = Record<string, unknown>>(path: string): Promise<ApiResponse<T>> {
    return this.send<T>('GET', path);
  }
}
