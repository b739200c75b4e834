/* Tells in words how the tests come out in the reader's own place: a line under each verdict on a
   finding, and one in each test. It is loaded once a place is chosen (see early.js); the words of a
   place are a file of its own, made when the site is built. */
(() => {
  "use strict";

  const { own: folder, version } = document.currentScript.dataset;
  const root = document.documentElement;
  const isReading = () => document.readyState === "loading";

  let wanted = window.sendreformOwn?.code ?? null;

  const load = (code) =>
    new Promise((resolve, reject) => {
      if (window.sendreformOwn?.code === code) return resolve(window.sendreformOwn);
      const script = document.createElement("script");
      script.src = `${folder}${code}.js?v=${version}`;
      script.onload = () => resolve(window.sendreformOwn);
      script.onerror = () => reject(new Error(`${script.src} did not come`));
      document.head.append(script);
    });

  const line = (name, ...parts) => {
    const words = document.createElement("p");
    words.className = "sr-here";
    const whose = document.createElement("b");
    whose.textContent = name;
    words.append(whose, ": ", ...parts);
    return words;
  };

  const badge = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return [...holder.content.childNodes, " "];
  };

  /* Everything on the page that is told of a place: where its line goes, and what is in it. */
  const places = function* (own) {
    for (const [finding, words] of Object.entries(own.findings))
      for (const box of document.querySelectorAll(
        `[data-finding="${finding}"] .sr-answer, .sr-finding-${finding}`,
      ))
        yield { box, put: (told) => box.append(told), parts: () => [words] };
    for (const [test, { badge: verdict, words }] of Object.entries(own.tests)) {
      const box = document.getElementById(`test-${test}`);
      if (box)
        yield {
          box,
          put: (told) => box.querySelector(":scope > p:nth-of-type(3)").after(told),
          parts: () => [...badge(verdict), words],
        };
    }
  };

  const tell = (own) => {
    for (const { box, put, parts } of places(own)) {
      // While the page is read, what is last may still grow: it waits.
      if (box.dataset.here === own.code || (isReading() && !box.nextElementSibling)) continue;
      box.querySelector(":scope > .sr-here")?.remove();
      put(line(own.name, ...parts()));
      box.dataset.here = own.code;
    }
  };

  const clear = () => {
    for (const told of document.querySelectorAll(".sr-here")) told.remove();
    for (const box of document.querySelectorAll("[data-here]")) delete box.dataset.here;
  };

  const show = async (area) => {
    wanted = area?.code ?? null;
    if (!area) return clear();
    try {
      const own = await load(area.code);
      if (wanted === own.code) tell(own);
    } catch (error) {
      console.info(error);
      if (wanted !== area.code) return;
      clear();
      delete root.dataset.own; // no room is kept for words that did not come
      for (const box of document.querySelectorAll("[data-finding] .sr-answer"))
        box.append(line(area.name, "how the tests come out here did not come. Are you offline?"));
    }
  };

  document.addEventListener("sendreform:area", (event) => show(event.detail));
  if (window.sendreformArea) show(window.sendreformArea);
  else if (window.sendreformOwn && isReading()) {
    // Words that are here before the page is painted stand in it from the first.
    const tellSoFar = () => wanted && tell(window.sendreformOwn);
    const reading = new MutationObserver(tellSoFar);
    reading.observe(root, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", () => {
      reading.disconnect();
      tellSoFar();
    });
  } else if (window.sendreformOwn) tell(window.sendreformOwn);
})();
