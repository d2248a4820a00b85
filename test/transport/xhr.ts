/**
 * As much of a browser's XMLHttpRequest, over fetch, as the client of gRPC-Web needs to run in Node.
 */

/** One request; `responseText` grows as the body arrives. */
export class FetchXhr {
  onreadystatechange: (() => void) | null = null;
  readyState = 0;
  status = 0;
  statusText = "";
  responseText = "";
  responseType = "";
  withCredentials = false;
  readonly #headers = new Headers();
  readonly #abort = new AbortController();
  #url = "";
  #method = "";
  #responseHeaders = new Headers();

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
    this.#to(1);
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name, value);
  }

  getResponseHeader(name: string): string | null {
    return this.#responseHeaders.get(name);
  }

  getAllResponseHeaders(): string {
    return Array.from(this.#responseHeaders, ([name, value]) => `${name}: ${value}\r\n`).join("");
  }

  overrideMimeType(): void {}

  abort(): void {
    this.#abort.abort();
  }

  send(body: string): void {
    void this.#run(body).then(() => this.#to(4));
  }

  async #run(body: string): Promise<void> {
    const signal = this.#abort.signal;
    const response = await fetch(this.#url, { method: this.#method, headers: this.#headers, body, signal });
    this.status = response.status;
    this.#responseHeaders = response.headers;
    this.#to(2);
    const decoder = new TextDecoder("latin1");
    for await (const chunk of response.body ?? []) {
      this.responseText += decoder.decode(chunk);
      this.#to(3);
    }
  }

  #to(state: number): void {
    this.readyState = state;
    this.onreadystatechange?.();
  }
}
