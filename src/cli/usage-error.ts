/** A command line that cannot be used, in a sentence. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
