import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/**
 * A real browser, out of an npm package. Close it. It runs with the rules of the web in force, which the package's own flags
 * switch off, and without a sandbox, because tests run as root.
 */
export async function launchChromium(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ["--no-sandbox"], headless: true });
}
