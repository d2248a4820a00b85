/** What a job that is not about the whole service is about. */
export interface JobSubject {
  readonly organizationId: string;
  readonly subjectId: string;
}

export interface JobRunStore {
  /**
   * Notes that a background job begins now, unless one began less than `interval` milliseconds ago. Of all callers in all
   * processes, exactly one is told to run it.
   * @param subject what the job is about, with which its note goes.
   * @returns whether the caller is the one.
   */
  claim(name: string, now: number, interval: number, subject?: JobSubject): Promise<boolean>;
  /** Forgets the runs of the jobs that are about the subject. */
  deleteOf(subject: JobSubject): Promise<void>;
}
