/** One way to the service: token, ETag, one retry after a renewed token, errors as exceptions. */
import { etagOf, keepBody, keptAnswer } from './etags';
import { errorOf, OfflineError } from './problem';
import { accessToken, renewSession } from './session';

const UNREACHABLE = [502, 503, 504];

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new OfflineError('the service cannot be reached', { cause });
  }
}

function prepared(request: Request, token: string | null): Request {
  const headers = new Headers(request.headers);
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  const etag = request.method === 'GET' ? etagOf(request.url) : undefined;
  if (etag !== undefined) headers.set('If-None-Match', etag);
  return new Request(request, { headers });
}

async function withSession(request: Request): Promise<Response> {
  const token = await accessToken();
  const response = await reach(prepared(request.clone(), token));
  if (response.status !== 401 || token === null) return response;
  const renewed = await renewSession();
  // 401 may also mean a wrong password in a form: sent twice, it would count twice.
  if (renewed === null || request.method !== 'GET') return response;
  return reach(prepared(request.clone(), renewed.accessToken));
}

async function remembered(request: Request, response: Response): Promise<Response> {
  if (request.method !== 'GET') return response;
  if (response.status === 304) return keptAnswer(request.url) ?? reach(new Request(request, { cache: 'reload' }));
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  if (response.ok && isJson) await keepBody(request.url, response);
  return response;
}

/** Sends a request; throws ApiError for an answer that is not 2xx, OfflineError when there is none. */
export async function send(request: Request): Promise<Response> {
  const response = await remembered(request, await withSession(request));
  if (response.ok) return response;
  const isProblem = response.headers.get('content-type')?.includes('json') ?? false;
  if (UNREACHABLE.includes(response.status) && !isProblem) throw new OfflineError('the service cannot be reached');
  throw await errorOf(response);
}
