const nav = document.querySelector("nav .menu");
const search = document.createElement("input");
search.type = "search";
search.placeholder = "Filter, or press /";
search.setAttribute("aria-label", "Filter by name");
nav.prepend(search);

const groups = [...nav.querySelectorAll("details")].map((details) => ({ details, open: details.open }));
const names = [...document.querySelectorAll("[data-filter] li")];

function filter() {
  const wanted = search.value.trim().toLowerCase();
  const matches = (element) => element.textContent.toLowerCase().includes(wanted);
  for (const { details, open } of groups) {
    const whole = matches(details.querySelector("summary"));
    const items = [...details.querySelectorAll("li")];
    for (const item of items) item.hidden = wanted !== "" && !whole && !matches(item);
    details.hidden = wanted !== "" && !whole && items.every((item) => item.hidden);
    details.open = wanted === "" ? open : !details.hidden;
  }
  for (const item of names) item.hidden = !matches(item);
}

search.addEventListener("input", filter);
search.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  nav.querySelector("li:not([hidden]) a[href*='#']")?.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  search.focus();
});

function choose(language) {
  for (const radio of document.querySelectorAll(".tabs input")) radio.checked = radio.value === language;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches(".tabs input")) return;
  const before = event.target.getBoundingClientRect().top;
  choose(event.target.value);
  scrollBy(0, event.target.getBoundingClientRect().top - before);
  try {
    localStorage.setItem("language", event.target.value);
  } catch {
    // Pages from a disk may have no storage.
  }
});
try {
  const kept = localStorage.getItem("language");
  if (kept) choose(kept);
} catch {
  // As above.
}

for (const block of document.querySelectorAll("pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  });
  block.append(button);
}
