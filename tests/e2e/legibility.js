// Returns every text of the page whose contrast with what is behind it is less than 4.5 to 1, and
// everything that a person who cannot see the page would miss: images and buttons without words.
(() => {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const light = (channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0.99) return color;
    }
    return [255, 255, 255];
  };
  const faults = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const [a, b] = [channels(getComputedStyle(element).color), behind(element)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.push(`${ratio.toFixed(1)}: ${walker.currentNode.data.trim()}`);
  }
  for (const each of document.querySelectorAll("svg, [role=img], button, a, input")) {
    const hidden = each.closest("[aria-hidden=true]");
    if (!hidden && !each.getAttribute("aria-label") && !each.textContent.trim()) {
      faults.push(`without words: ${each.outerHTML.slice(0, 80)}`);
    }
  }
  return faults;
})();
