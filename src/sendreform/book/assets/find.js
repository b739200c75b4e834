/* The search page: places, measures and claims by name, above the words on pages that Sphinx finds. */
(() => {
  "use strict";

  const MOST = 6;
  const query = new URLSearchParams(location.search).get("q") ?? "";
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  document.getElementById("sr-query").value = query;
  const place = document.getElementById("sr-found-names");
  if (!words.length) return;

  const holds = (text) => words.every((word) => text.toLowerCase().includes(word));
  const begins = (text) => text.toLowerCase().startsWith(words[0]);
  const found = window.sendreformNames
    .map((one) => ({
      ...one,
      order: holds(one.name) ? (begins(one.name) ? 0 : 1) : one.also.some(holds) ? 2 : 9,
    }))
    .filter(({ order }) => order < 9)
    .sort((a, b) => a.order - b.order);

  const groups = Map.groupBy
    ? Map.groupBy(found, ({ kind }) => kind.split(" ")[0])
    : found.reduce((all, one) => {
        const kind = one.kind.split(" ")[0];
        return all.set(kind, [...(all.get(kind) ?? []), one]);
      }, new Map());
  const titles = { Council: "Councils", Region: "Regions", Measure: "Measures", Claim: "Claims" };
  for (const [kind, title] of Object.entries(titles)) {
    const group = groups.get(kind);
    if (!group) continue;
    const heading = document.createElement("h2");
    heading.textContent = title;
    const list = document.createElement("ul");
    for (const { kind: what, name, address } of group.slice(0, MOST)) {
      const link = document.createElement("a");
      link.href = address;
      link.textContent = name;
      const item = document.createElement("li");
      item.append(...(what.startsWith("Claim") ? [`${what.slice(6)}: `, link] : [link]));
      list.append(item);
    }
    place.append(heading, list);
    if (group.length > MOST) {
      const more = document.createElement("p");
      more.textContent = `${group.length - MOST} more; add a word to narrow them.`;
      place.append(more);
    }
  }
})();
