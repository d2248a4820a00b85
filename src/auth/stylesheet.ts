import { createHash } from "node:crypto";

/** The one stylesheet of the pages: it stands in the page, so that a page loads nothing. */
export const STYLESHEET = `
:root{color-scheme:light dark;--ground:#f4f5f7;--card:#fff;--ink:#14181f;--quiet:#4b5563;--line:#c9ced6;--accent:#1d4ed8;--on-accent:#fff;--alert:#b42318}
@media (prefers-color-scheme:dark){:root{--ground:#0e1116;--card:#171b22;--ink:#eceff4;--quiet:#a9b1bd;--line:#3a424e;--accent:#8ab4ff;--on-accent:#0b1220;--alert:#ff9d92}}
*{box-sizing:border-box}
html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100svh;display:grid;place-items:center;padding:1.25rem;background:var(--ground);color:var(--ink)}
main{width:100%;max-width:26rem;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:.875rem;box-shadow:0 1px 2px #0000000a,0 12px 32px #00000014}
main::before{content:"";display:block;width:2.5rem;height:.25rem;margin-bottom:1.5rem;border-radius:1rem;background:var(--accent)}
main:has([role=alert])::before{background:var(--alert)}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;text-wrap:balance}
p{margin:0 0 1rem;overflow-wrap:anywhere}
p:last-child{margin-bottom:0}
.quiet{color:var(--quiet);font-size:.9375rem}
.alert{padding-left:.75rem;border-left:3px solid var(--alert)}
.steps+.alert{margin-top:1rem}
label{display:block;margin:1.25rem 0 .375rem;font-weight:600}
input{width:100%;padding:.6875rem .875rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--quiet);border-radius:.5rem}
::placeholder{color:var(--quiet);opacity:1}
button,.button{display:block;width:100%;margin-top:1rem;padding:.75rem 1rem;font:inherit;font-weight:600;line-height:1.4;text-align:center;text-decoration:none;overflow-wrap:anywhere;color:var(--on-accent);background:var(--accent);border:1px solid var(--accent);border-radius:.5rem;cursor:pointer}
.second{color:var(--ink);background:transparent;border-color:var(--quiet)}
button:hover,.button:hover{filter:brightness(1.08)}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
ul,ol{list-style:none;margin:1.25rem 0 0;padding:0}
li .button,.button+.button{margin-top:.625rem}
.steps li{display:flex;gap:.625rem;justify-content:space-between;padding:.375rem 0;border-top:1px solid var(--line)}
footer{margin-top:1.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.8125rem;color:var(--quiet)}
footer>code{display:block}
code{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere;user-select:all}
.compare{font:700 1.5rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.08em;text-align:center}
@media (max-width:30rem){body{padding:0;place-items:stretch}main{min-height:100svh;padding:2rem 1.25rem;border:0;border-radius:0;box-shadow:none}}
@media (prefers-contrast:more){:root{--line:currentColor;--quiet:currentColor}}
@media (forced-colors:active){button,.button{border:2px solid}}
`;

/** The stylesheet as a source of the Content-Security-Policy (CSP Level 3, section 2.3.1). */
export const STYLESHEET_SOURCE = `'sha256-${createHash("sha256").update(STYLESHEET).digest("base64")}'`;
