import { spawn } from "node:child_process";

/**
 * Opens a page in the person's browser: with the command in `BROWSER`, or with what the system has for it.
 * @returns whether a browser was started; on a machine without a screen there is none.
 */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const [command, ...parameters] = opener(env, process.platform);
  if (command === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(command, [...parameters, url], { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

function opener(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): readonly string[] {
  if (env.BROWSER) return [env.BROWSER];
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : [];
}
