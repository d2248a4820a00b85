/** What a page looks like to somebody who does not see it, or not well. Elements are named by the beginning of their HTML. */
export interface Findings {
  readonly lang: string;
  readonly title: string;
  /** Texts of the headings of the first level. */
  readonly headings: readonly string[];
  /** How many main landmarks there are. */
  readonly landmarks: number;
  readonly unlabelled: readonly string[];
  readonly lowContrast: readonly string[];
  readonly smallTargets: readonly string[];
  /** CSS pixels by which the page is wider than its window. */
  readonly overflow: number;
}

/** Runs in a page. The limits are the least contrast of texts and of borders, and the least height of a target. */
export function inspect(limits: readonly [number, number, number]): Findings;

/** Runs in a page: what has the focus, and whether that is seen. The page itself needs no mark. */
export function inspectFocus(): { readonly name: string; readonly seen: boolean };
