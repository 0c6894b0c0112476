"use strict";
// Asks for the parts of the page again and again and replaces those that differ, so that what a
// person has opened, selected or focused stays as long as nothing changes there.
(() => {
  const live = document.getElementById("live");
  const pulse = document.getElementById("pulse");
  const everyMs = Number(document.body.dataset.everyMs);
  const shown = new Map();

  const show = (html) => {
    const next = document.createElement("template");
    next.innerHTML = html;
    const parts = [...next.content.querySelectorAll("[data-part]")];
    const places = parts.map((part) => live.querySelector(`[data-part="${part.dataset.part}"]`));
    if (parts.length === 0) return;
    if (places.includes(null)) {
      live.replaceChildren(next.content);
      return;
    }
    parts.forEach((part, n) => replace(places[n], part));
    const titled = next.content.querySelector("[data-title]");
    if (titled) document.title = titled.dataset.title;
  };

  const replace = (place, part) => {
    const html = part.innerHTML;
    place.hidden = part.hidden;
    if (part.dataset.class) place.className = part.dataset.class;
    if (shown.get(part.dataset.part) === html) return;
    shown.set(part.dataset.part, html);
    const open = new Map([...place.querySelectorAll("details[id]")].map((d) => [d.id, d.open]));
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    const address = focused && (focused.id || focused.closest("[id]").id);
    place.innerHTML = html;
    for (const [id, isOpen] of open) {
      const details = document.getElementById(id);
      if (details) details.open = isOpen;
    }
    if (address) {
      const found = document.getElementById(address);
      const target = found && (found.matches("details") ? found.querySelector("summary") : found);
      if (target) target.focus({preventScroll: true});
    }
  };

  const say = (words) => {
    if (pulse.textContent !== words) pulse.textContent = words;
  };

  const look = async () => {
    try {
      const answer = await fetch("parts", {cache: "no-store", signal: AbortSignal.timeout(10000)});
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.text());
      document.body.classList.remove("is-lost");
      const age = Number(answer.headers.get("X-Age-S"));
      say(age < 20 ? "Live" : `Live; the last look was ${Math.round(age)} s ago`);
    } catch {
      document.body.classList.add("is-lost");
      say("The console does not answer: this is what it last showed");
    }
    setTimeout(look, document.hidden ? 5 * everyMs : everyMs);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.firstChild.data = "Copied";
    setTimeout(() => { button.firstChild.data = "Copy"; }, 1500);
  });

  setTimeout(look, live.querySelector("[data-part]") ? everyMs : 300);
})();
