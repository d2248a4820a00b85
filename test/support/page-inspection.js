// JavaScript, because it runs in a page: everything that it needs is within each function.

export function inspect([textContrast, borderContrast, targetHeight]) {
  const parse = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  // Relative luminance and contrast ratio, as WCAG 2.2 defines them.
  const luminance = (color) => {
    const [r, g, b] = color.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const colorOf = (text) => parse(text).slice(0, 3);
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
      if (alpha === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const nameOf = (element) => element.outerHTML.slice(0, 80);

  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden])")];
  const texts = [...document.querySelectorAll("main *")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== ""),
  );
  const isLabelled = (element) =>
    element.matches("input") ? element.labels.length > 0 : element.textContent.trim() !== "";
  const isReadable = (element, part) =>
    contrast(colorOf(getComputedStyle(element, part).color), groundOf(element)) >= textContrast;
  const isBorderSeen = (element) =>
    !element.matches("input, .second") ||
    contrast(colorOf(getComputedStyle(element).borderTopColor), groundOf(element.parentElement)) >= borderContrast;
  return {
    lang: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll("h1")].map((heading) => heading.textContent),
    landmarks: document.querySelectorAll("main").length,
    unlabelled: controls.filter((element) => !isLabelled(element)).map(nameOf),
    lowContrast: [
      ...texts.filter((element) => !isReadable(element)),
      ...controls.filter((element) => element.placeholder && !isReadable(element, "::placeholder")),
      ...controls.filter((element) => !isBorderSeen(element)),
    ].map(nameOf),
    // Links within a text are as high as its lines.
    smallTargets: controls
      .filter((element) => !element.matches("p a, footer a"))
      .filter((element) => element.getBoundingClientRect().height < targetHeight)
      .map(nameOf),
    overflow: Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  };
}

export function inspectFocus() {
  const element = document.activeElement ?? document.body;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const isMarked = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  return { name: element.outerHTML.slice(0, 80), seen: isMarked || element === document.body };
}
