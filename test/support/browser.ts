/** An answer that a browser got, with the URL that it came from. */
export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** How a browser goes about a request. */
export interface VisitOptions {
  readonly method?: "GET" | "POST";
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Stop before a redirect to a URL for which this is true, and answer with the redirect. */
  readonly stopAt?: (url: string) => boolean;
}

const MAX_REDIRECTS = 20;

/** As much of a browser as signing in needs: cookies of each origin, and redirects. */
export class Browser {
  /** Origin → name → value. */
  readonly cookies = new Map<string, Map<string, string>>();
  /** Every URL that was asked, in order. */
  readonly visited: string[] = [];

  /** Goes to a URL and follows redirects. */
  async visit(url: string, options: VisitOptions = {}): Promise<Visit> {
    let next = url;
    let { method = "GET", body } = options;
    for (let count = 0; count < MAX_REDIRECTS; count++) {
      const visit = await this.#request(next, method, body, options.headers);
      const location = visit.headers.get("location");
      if (visit.status < 300 || visit.status > 399 || location === null) return visit;
      const target = new URL(location, next).href;
      if (options.stopAt?.(target)) return visit;
      next = target;
      method = "GET";
      body = undefined;
    }
    throw new Error(`too many redirects, the last one to ${next}`);
  }

  /** A copy of the cookies, as a second profile of the same person has them. */
  clone(): Browser {
    const copy = new Browser();
    for (const [origin, jar] of this.cookies) copy.cookies.set(origin, new Map(jar));
    return copy;
  }

  /** The Cookie header for a URL. */
  cookieHeader(url: string): string {
    return [...(this.cookies.get(new URL(url).origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async #request(url: string, method: string, body: string | undefined, headers: VisitOptions["headers"]) {
    this.visited.push(url);
    const cookie = this.cookieHeader(url);
    const response = await fetch(url, {
      method,
      redirect: "manual",
      headers: {
        "user-agent": "TestBrowser/1.0",
        ...(cookie !== "" && { cookie }),
        ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    for (const set of response.headers.getSetCookie()) this.#store(new URL(url).origin, set);
    return { url, status: response.status, headers: response.headers, body: await response.text() };
  }

  #store(origin: string, set: string): void {
    const [pair = "", ...attributes] = set.split(";");
    const separator = pair.indexOf("=");
    const jar = this.cookies.get(origin) ?? new Map<string, string>();
    const name = pair.slice(0, separator).trim();
    const lower = attributes.map((attribute) => attribute.trim().toLowerCase());
    const expires = lower.find((attribute) => attribute.startsWith("expires="))?.slice("expires=".length);
    const ended = lower.includes("max-age=0") || (expires !== undefined && Date.parse(expires) < Date.now());
    if (ended) jar.delete(name);
    else jar.set(name, pair.slice(separator + 1));
    this.cookies.set(origin, jar);
  }
}
