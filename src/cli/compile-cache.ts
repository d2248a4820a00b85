import { mkdirSync, statSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Has Node.js keep what it compiles, so that the next start need not compile it again. The folder is the user's alone: what is
 * in it is run. `NODE_COMPILE_CACHE` names another one, and `NODE_DISABLE_COMPILE_CACHE` turns it off. Where nothing can
 * be kept, as in a container that cannot be written to, everything works all the same.
 * @returns the folder, or undefined when this has changed nothing.
 */
export function keepCompiledCode(env: Env): string | undefined {
  if (env.NODE_COMPILE_CACHE || env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  try {
    const caches = cachesFolder(env);
    const ours = join(caches, "organization-service");
    const folder = join(ours, "compiled");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Who may write to a folder may put another one in the place of what is in it.
    if (![caches, ours, folder].every(isOursAlone)) return undefined;
    return enableCompileCache(folder).directory;
  } catch {
    return undefined;
  }
}

/** The folder of the XDG Base Directory Specification, or that of Windows. */
function cachesFolder({ XDG_CACHE_HOME: xdg = "", LOCALAPPDATA: local = "", HOME: home = "" }: Env): string {
  const folder = [xdg, process.platform === "win32" ? local : ""].find((each) => isAbsolute(each));
  return folder ?? join(home || homedir(), ".cache");
}

function isOursAlone(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}
