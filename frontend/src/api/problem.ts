/** What the service says when it cannot do what was asked (RFC 9457). */

interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  step?: string;
  request_id?: string;
  errors?: { field: string; message: string }[];
}

/** An answer other than the one asked for: what happened, what to do, and which fields are meant. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly title: string;
  /** The next step, in words; empty where there is none. */
  readonly step: string;
  readonly requestId: string;
  /** The message of each field that was refused. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, body: ProblemBody = {}) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.title = body.title ?? '';
    this.step = body.step ?? '';
    this.requestId = body.request_id ?? '';
    this.fields = Object.fromEntries((body.errors ?? []).map(({ field, message }) => [field, message]));
  }
}

/** The service could not be reached. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError';
}

/** The error of an answer that is not 2xx, whatever its body is. */
export async function errorOf(response: Response): Promise<ApiError> {
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body: unknown = isJson ? await response.json().catch(() => ({})) : {};
  return new ApiError(response.status, body as ProblemBody);
}
