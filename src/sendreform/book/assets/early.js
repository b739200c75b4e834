/* Before the page is painted: says whose figures the reader has chosen, so that room is kept for
   them and nothing jumps when they come. The address (?area=886) goes before what is remembered. */
(() => {
  "use strict";

  const root = document.documentElement;
  let area = new URLSearchParams(location.search).get("area");
  try {
    if (area === null) area = localStorage.getItem("sendreform-area");
    else if (area) localStorage.setItem("sendreform-area", area);
    else localStorage.removeItem("sendreform-area");
  } catch {
    // A browser that keeps nothing still follows the address.
  }
  root.dataset.scripts = "";
  if (/^(\d{3}|E12\d{6})$/.test(area ?? "")) root.dataset.area = area;
})();
