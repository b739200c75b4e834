/* The map of links on the page of every council and region: its name where the pointer or the
   keyboard is, and the arrow keys from one hexagon to the next. The links work without. */
(() => {
  "use strict";

  const map = document.querySelector(".sr-place-map");
  const told = map.querySelector(".sr-place-told");
  const links = [...map.querySelectorAll("svg a")];
  const middles = links.map((link) => {
    const { x, y } = link.querySelector("use");
    return [x.baseVal.value, y.baseVal.value];
  });
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  // The nearest one in a direction; one that lies aside counts as further away.
  const next = (from, [right, down]) => {
    const far = middles.map(([x, y]) => {
      const along = (x - middles[from][0]) * right + (y - middles[from][1]) * down;
      const aside = Math.abs((x - middles[from][0]) * down + (y - middles[from][1]) * right);
      return along > 1 ? along + 2 * aside : Infinity;
    });
    const nearest = Math.min(...far);
    return nearest < Infinity ? far.indexOf(nearest) : from;
  };

  const tell = ({ target }) => {
    const link = target.closest?.("a");
    if (link) told.textContent = link.getAttribute("aria-label");
  };
  map.addEventListener("pointerover", tell);
  map.addEventListener("focusin", tell);
  map.addEventListener("keydown", (event) => {
    const from = links.indexOf(event.target.closest("a"));
    const step = steps[event.key];
    if (from < 0 || !step) return;
    event.preventDefault();
    const to = next(from, step);
    links[from].setAttribute("tabindex", "-1");
    links[to].setAttribute("tabindex", "0");
    links[to].focus();
  });
})();
