/**
 * Which compression a message arrived in, and which one the answer leaves in.
 */
import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";

/**
 * The compressions of one route, negotiated as the Connect and gRPC protocols ask; answers about a client's list of
 * accepted encodings are remembered, since clients send the same few lists again and again.
 */
export class Compressions {
  /** Names that a request may use, comma-separated. */
  readonly names: string;
  readonly #byName: ReadonlyMap<string, Compression>;
  readonly #byAccepted = new Map<string, Compression | undefined>();

  /** @param available what the route accepts, in order of registration */
  constructor(available: readonly Compression[]) {
    this.names = available.map((compression) => compression.name).join(",");
    this.#byName = new Map(available.map((compression) => [compression.name, compression]));
  }

  /** The compression of a request message: undefined for none, or an `unimplemented` error for an unknown one. */
  ofRequest(name: string | undefined): Compression | ConnectError | undefined {
    if (name === undefined || name === "identity") {
      return undefined;
    }
    const message = `unknown compression "${name}": supported encodings are ${this.names}`;
    return this.#byName.get(name) ?? new ConnectError(message, Code.Unimplemented);
  }

  /**
   * The compression of the answer: the first of the client's list that is available. A client that sends no list gets
   * the encoding that it used itself.
   */
  ofResponse(accepted: string | undefined, ofRequest: Compression | undefined): Compression | undefined {
    if (accepted === undefined || accepted === "") {
      return ofRequest;
    }
    if (this.#byAccepted.has(accepted)) {
      return this.#byAccepted.get(accepted);
    }
    const found = this.#firstOf(accepted);
    if (this.#byAccepted.size < 256) {
      this.#byAccepted.set(accepted, found);
    }
    return found;
  }

  #firstOf(accepted: string): Compression | undefined {
    for (const name of accepted.split(",")) {
      const found = this.#byName.get(name.trim());
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }
}
