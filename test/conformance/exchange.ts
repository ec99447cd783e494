// One request with its answer, as it went over the wire.

export interface Exchange {
  /** Upper case. */
  readonly method: string;
  readonly url: URL;
  readonly requestHeaders: Headers;
  /** Parsed JSON; undefined when there was no body. */
  readonly requestBody: unknown;
  readonly status: number;
  readonly answerHeaders: Headers;
  readonly answerBody: unknown;
}

type Fetch = (request: Request) => Response | Promise<Response>;

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Passes every request on to `fetch` unchanged and tells `onExchange` about it once it is answered. */
export function recording(fetch: Fetch, onExchange: (exchange: Exchange) => void): Fetch {
  return async (request) => {
    const sent = request.clone();
    const answer = await fetch(request);
    onExchange({
      method: sent.method,
      url: new URL(sent.url),
      requestHeaders: sent.headers,
      requestBody: parsed(await sent.text()),
      status: answer.status,
      answerHeaders: answer.headers,
      answerBody: parsed(await answer.clone().text()),
    });
    return answer;
  };
}
