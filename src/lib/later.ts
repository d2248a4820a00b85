/** Something that takes long to load or to make, and that a start does without: the first who asks makes it. */
export interface Later<T> {
  /** What was made; undefined before that. Where every microtask counts, this is asked first. */
  readonly made: T | undefined;
  /** Makes it, once. What has failed is tried again by the next who asks. */
  get(): Promise<T>;
}

/** Makes a {@link Later}. */
export function later<T>(make: () => Promise<T>): Later<T> {
  let made: T | undefined;
  let making: Promise<T> | undefined;
  async function run(): Promise<T> {
    try {
      made = await make();
      return made;
    } catch (error) {
      making = undefined;
      throw error;
    }
  }
  return {
    get made() {
      return made;
    },
    get() {
      making ??= run();
      return making;
    },
  };
}
