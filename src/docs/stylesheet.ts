/** The look of the reference: light and dark, wide and narrow, and on paper. */
export const STYLESHEET = `:root {
  color-scheme: light dark;
  --text: light-dark(#1c2024, #e4e7eb);
  --quiet: light-dark(#5c6670, #9aa5b1);
  --line: light-dark(#e2e6ea, #2b323a);
  --paper: light-dark(#ffffff, #14181d);
  --shade: light-dark(#f6f8fa, #1b2027);
  --code: light-dark(#f1f3f5, #222932);
  --link: light-dark(#0b57c2, #7cb2ff);
  --strong: light-dark(#9a3412, #fdba74);
  --secret: light-dark(#6b21a8, #d8b4fe);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
* {
  box-sizing: border-box;
}
html {
  scroll-padding-top: 4rem;
}
body {
  margin: 0;
  background: var(--paper);
  color: var(--text);
  font: 16px/1.55 var(--sans);
}
a {
  color: var(--link);
  text-decoration: none;
}
a:hover {
  text-decoration: underline;
}
:focus-visible {
  outline: 2px solid var(--link);
  outline-offset: 2px;
}
.skip {
  position: absolute;
  left: -100vw;
}
.skip:focus {
  left: 1rem;
  top: 1rem;
  z-index: 2;
  background: var(--paper);
}
.top {
  position: sticky;
  top: 0;
  z-index: 1;
  display: flex;
  gap: 0.75rem;
  align-items: baseline;
  height: 3.25rem;
  padding: 0.8rem 1.5rem;
  border-bottom: 1px solid var(--line);
  background: var(--paper);
}
.brand {
  color: var(--text);
  font-weight: 650;
}
.top span {
  color: var(--quiet);
}
.frame {
  display: grid;
  grid-template-columns: 18.5rem minmax(0, 1fr);
}
nav {
  position: sticky;
  top: 3.25rem;
  height: calc(100vh - 3.25rem);
  overflow-y: auto;
  padding: 1.25rem 0.75rem 3rem 1.5rem;
  border-right: 1px solid var(--line);
  font-size: 0.875rem;
}
nav ul {
  margin: 0;
  padding: 0;
  list-style: none;
}
nav [hidden] {
  display: none;
}
nav a {
  display: block;
  padding: 0.15rem 0.5rem;
  border-radius: 5px;
  color: var(--text);
  overflow-wrap: anywhere;
}
nav a:hover,
nav a[aria-current] {
  background: var(--shade);
  text-decoration: none;
}
nav a[aria-current] {
  color: var(--link);
  font-weight: 600;
}
nav .pages {
  margin-bottom: 1rem;
}
nav details {
  margin: 0.15rem 0;
}
nav details ul {
  margin: 0.1rem 0 0.6rem 0.85rem;
  border-left: 1px solid var(--line);
  padding-left: 0.35rem;
}
nav details ul a {
  color: var(--quiet);
}
nav details ul a:hover {
  color: var(--text);
}
nav summary {
  display: flex;
  align-items: center;
  cursor: pointer;
  list-style: none;
}
nav summary::-webkit-details-marker {
  display: none;
}
nav summary::before {
  content: "";
  width: 0.4rem;
  height: 0.4rem;
  margin: 0 0.3rem 0 0.1rem;
  border: solid var(--quiet);
  border-width: 0 1.5px 1.5px 0;
  transform: rotate(-45deg);
}
nav details[open] > summary::before {
  transform: rotate(45deg);
}
nav summary a {
  flex: 1;
  font-weight: 550;
}
nav .gone {
  text-decoration: line-through;
}
nav input[type="search"] {
  width: 100%;
  margin-bottom: 0.9rem;
  padding: 0.4rem 0.6rem;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--shade);
  color: inherit;
  font: inherit;
}
#menu,
nav > label {
  display: none;
}
main {
  min-width: 0;
  overflow-wrap: anywhere;
  max-width: 90rem;
  padding: 2rem 2.5rem 6rem;
}
h1 {
  margin: 0 0 0.5rem;
  font-size: 2rem;
  line-height: 1.2;
  letter-spacing: -0.02em;
}
h2 {
  margin: 3rem 0 0.75rem;
  font-size: 1.375rem;
  letter-spacing: -0.01em;
}
h3 {
  margin: 1.75rem 0 0.5rem;
  font-size: 1rem;
}
small,
.quiet {
  color: var(--quiet);
  font-weight: 400;
}
.lead {
  max-width: 44rem;
  margin: 0 0 1.5rem;
  color: var(--quiet);
  font-size: 1.125rem;
}
main > p,
main > pre,
main > ul,
.what > p,
.type > p {
  max-width: 44rem;
}
.anchor {
  color: inherit;
}
code,
pre,
.path {
  font-family: var(--mono);
  font-size: 0.85em;
}
:not(pre) > code {
  padding: 0.1em 0.3em;
  border-radius: 4px;
  background: var(--code);
  overflow-wrap: anywhere;
}
pre {
  overflow-wrap: normal;
  position: relative;
  margin: 0;
  padding: 1rem;
  overflow-x: auto;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--shade);
  font-size: 0.8125rem;
  line-height: 1.5;
  tab-size: 4;
}
pre code {
  font-size: inherit;
}
.copy {
  position: absolute;
  top: 0.5rem;
  right: 0.5rem;
  padding: 0.15rem 0.5rem;
  border: 1px solid var(--line);
  border-radius: 5px;
  background: var(--paper);
  color: var(--quiet);
  font: 0.75rem var(--sans);
  cursor: pointer;
  opacity: 0;
}
pre:hover .copy,
.copy:focus {
  opacity: 1;
}
.contents {
  padding: 0;
  list-style: none;
}
.contents li {
  display: grid;
  grid-template-columns: minmax(11rem, 19rem) 1fr;
  gap: 0.25rem 1rem;
  padding: 0.3rem 0;
  border-top: 1px solid var(--line);
}
main > .contents {
  max-width: none;
}
.contents a {
  overflow-wrap: anywhere;
}
.contents span {
  color: var(--quiet);
}
.method {
  display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(0, 34rem);
  gap: 0 2.5rem;
  margin-top: 3rem;
  padding-top: 2rem;
  border-top: 1px solid var(--line);
}
.method h2 {
  margin: 0;
  overflow-wrap: anywhere;
}
.path {
  margin: 0.25rem 0 1rem;
  color: var(--quiet);
}
.examples {
  position: sticky;
  top: 4.25rem;
  align-self: start;
  min-width: 0;
}
.tabs {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem;
}
.tabs input {
  position: absolute;
  opacity: 0;
}
.tabs label {
  padding: 0.2rem 0.7rem;
  border-radius: 6px;
  color: var(--quiet);
  font-size: 0.875rem;
  cursor: pointer;
}
.tabs input:checked + label {
  background: var(--code);
  color: var(--text);
  font-weight: 600;
}
.tabs input:focus-visible + label {
  outline: 2px solid var(--link);
}
th,
.tabs label {
  white-space: nowrap;
}
.tabs pre {
  display: none;
  order: 1;
  width: 100%;
  max-height: calc(100vh - 12rem);
}
.tabs input[value="curl"]:checked ~ pre.curl,
.tabs input[value="typescript"]:checked ~ pre.typescript,
.tabs input[value="go"]:checked ~ pre.go,
.tabs input[value="python"]:checked ~ pre.python {
  display: block;
}
.environment {
  color: var(--quiet);
  font-size: 0.8125rem;
}
.facts {
  margin: 1.25rem 0;
  border-top: 1px solid var(--line);
}
.facts > div {
  display: grid;
  grid-template-columns: 8rem minmax(0, 1fr);
  gap: 0.25rem 1rem;
  padding: 0.45rem 0;
  border-bottom: 1px solid var(--line);
}
.facts dt {
  color: var(--quiet);
}
.facts dd,
.facts p {
  margin: 0;
}
.facts p + p {
  margin-top: 0.35rem;
}
.codes {
  line-height: 1.9;
}
.fields {
  margin: 0.5rem 0;
}
.fields > div,
.oneof > div {
  padding: 0.6rem 0;
  border-top: 1px solid var(--line);
}
.fields dt {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 0.6rem;
  align-items: baseline;
}
.fields dt code {
  background: none;
  padding: 0;
  font-weight: 650;
  font-size: 0.9rem;
}
.fields dd {
  max-width: 44rem;
  margin: 0;
}
.fields dd p {
  margin: 0.2rem 0;
}
.oneof > div {
  margin-left: 1rem;
}
.type-name,
.presence {
  color: var(--quiet);
  font-size: 0.875rem;
}
.required,
.deprecated,
.secret {
  font-size: 0.75rem;
  font-weight: 600;
  color: var(--strong);
}
.secret {
  color: var(--secret);
}
.deprecated {
  color: var(--quiet);
}
.rules {
  display: flex;
  flex-wrap: wrap;
  gap: 0.3rem;
}
.rules > span {
  padding: 0.05rem 0.5rem;
  border: 1px solid var(--line);
  border-radius: 5px;
  color: var(--quiet);
  font-size: 0.8125rem;
  overflow-wrap: anywhere;
}
.rules code {
  background: none;
  padding: 0;
}
.wire {
  color: var(--quiet);
  font: 0.75rem var(--mono);
}
.advice {
  color: var(--quiet);
}
.type {
  margin-top: 1.5rem;
}
.type h3 {
  font-size: 1.0625rem;
  overflow-wrap: anywhere;
}
:target > dt,
.type:target > h3,
.method:target h2 {
  background: light-dark(#fff7d6, #3a3214);
  border-radius: 4px;
}
tr:target {
  background: light-dark(#fff7d6, #3a3214);
}
.pair {
  display: grid;
  grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 1.5rem;
}
.scroll {
  overflow-x: auto;
}
table {
  border-collapse: collapse;
  font-size: 0.9375rem;
}
th,
td {
  padding: 0.45rem 1rem 0.45rem 0;
  border-bottom: 1px solid var(--line);
  text-align: left;
  vertical-align: top;
}
th {
  color: var(--quiet);
  font-weight: 500;
}
.names {
  columns: 18rem auto;
  padding: 0;
  list-style: none;
  font-size: 0.9rem;
}
.names li {
  break-inside: avoid;
  overflow-wrap: anywhere;
}
.names span {
  color: var(--quiet);
  font-size: 0.8rem;
}
@media (max-width: 90rem) {
  .pair {
    grid-template-columns: minmax(0, 1fr);
  }
}
@media (max-width: 75rem) {
  .method {
    grid-template-columns: minmax(0, 1fr);
  }
  .examples {
    position: static;
    margin-top: 1.5rem;
  }
}
@media (max-width: 50rem) {
  .frame {
    grid-template-columns: minmax(0, 1fr);
  }
  .top {
    padding-inline: 1rem;
  }
  nav {
    position: static;
    height: auto;
    padding: 0.5rem 1rem;
    border-right: 0;
    border-bottom: 1px solid var(--line);
  }
  nav > label {
    display: block;
    padding: 0.4rem 0;
    color: var(--link);
    font-size: 1rem;
  }
  #menu {
    display: block;
    position: absolute;
    opacity: 0;
  }
  #menu:focus-visible + label {
    outline: 2px solid var(--link);
  }
  #menu:not(:checked) ~ .menu {
    display: none;
  }
  nav a {
    padding-block: 0.4rem;
  }
  main {
    padding: 1.25rem 1rem 4rem;
  }
  h1 {
    font-size: 1.625rem;
  }
  .contents li,
  .facts > div {
    grid-template-columns: minmax(0, 1fr);
  }
  .copy {
    opacity: 1;
  }
}
@media print {
  nav,
  .top,
  .copy {
    display: none;
  }
  .frame,
  .method {
    display: block;
  }
  .tabs pre {
    display: block;
    max-height: none;
  }
}
`;
