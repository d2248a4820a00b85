export interface JobRunStore {
  /**
   * Notes that a background job begins now, unless one began less than `interval` milliseconds ago. Of all callers in all
   * processes, exactly one is told to run it.
   * @returns whether the caller is the one.
   */
  claim(name: string, now: number, interval: number): Promise<boolean>;
}
