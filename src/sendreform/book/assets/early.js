/* Before the page is painted: says whose figures the reader has chosen, so that room is kept for
   them and nothing jumps when they come. The address (?area=886) goes before what is remembered. */
(() => {
  "use strict";

  const root = document.documentElement;
  const { sentences, own, version } = document.currentScript.dataset;
  let area = new URLSearchParams(location.search).get("area");
  let remembered = null;
  try {
    remembered = localStorage.getItem("sendreform-area");
    if (area === null) area = remembered;
    else if (area) localStorage.setItem("sendreform-area", area);
    else localStorage.removeItem("sendreform-area");
  } catch {
    // A browser that keeps nothing still follows the address.
  }
  root.dataset.scripts = "";
  const isCode = /^(\d{3}|E12\d{6})$/.test(area ?? "");
  if (isCode) root.dataset.area = area;
  if (!sentences) return;

  /* The sentences of a place are loaded once one is chosen. What is remembered was chosen from the
     list, so its file is there: the page waits for it, and is painted with its words. */
  root.dataset.own = "";
  const add = (address) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = false; // the words before the script that tells them
    script.setAttribute("blocking", "render");
    Object.assign(script.dataset, { own, version });
    document.head.append(script);
  };
  if (isCode && area === remembered) {
    add(`${own}${area}.js?v=${version}`);
    add(sentences);
  } else {
    const chosen = ({ detail }) => {
      if (!detail) return;
      document.removeEventListener("sendreform:area", chosen);
      add(sentences);
    };
    document.addEventListener("sendreform:area", chosen);
  }
})();
