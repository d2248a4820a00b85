import type { Page } from "playwright-core";
import { expect } from "vitest";
import { inspect, inspectFocus } from "./page-inspection.js";

/** Least contrast of text (WCAG 2.2, success criterion 1.4.3), and of a control's border (1.4.11). */
const TEXT_CONTRAST = 4.5;
const BORDER_CONTRAST = 3;

/** Least height of what is touched, in CSS pixels. */
const TARGET_HEIGHT = 44;

/**
 * Fails unless the page has a language, a title, one heading of the first level, a main landmark, names for its controls,
 * enough contrast, targets that a finger hits, no scrolling sideways, and a focus that is seen wherever Tab goes.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const { title, ...found } = await page.evaluate(inspect, [TEXT_CONTRAST, BORDER_CONTRAST, TARGET_HEIGHT] as const);
  expect(title).not.toBe("");
  expect(found).toEqual({
    lang: "en",
    headings: [expect.stringMatching(/\S/)],
    landmarks: 1,
    unlabelled: [],
    lowContrast: [],
    smallTargets: [],
    overflow: 0,
  });
  expect(await unseenFocus(page)).toEqual([]);
}

/** What Tab leads to without being marked. */
async function unseenFocus(page: Page): Promise<readonly string[]> {
  const count = await page.locator("a[href], button, input:not([type=hidden])").count();
  const unseen: string[] = [];
  for (let i = 0; i < count; i++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(inspectFocus);
    if (!focused.seen) unseen.push(focused.name);
  }
  return unseen;
}
