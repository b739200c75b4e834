/* Small comforts of a page: its own contents open where there is room, code is coloured and can be
   copied, the contents close when a link in them is followed. The page reads well without. */
(() => {
  "use strict";

  const onPage = document.querySelector(".sr-on-page");
  const wide = matchMedia("(min-width: 80rem)");
  if (onPage) {
    const follow = () => (onPage.open = wide.matches);
    wide.addEventListener("change", follow);
    follow();
  }

  const contents = document.getElementById("contents");
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
  });

  const code = document.querySelectorAll(".sr-article .highlight");
  if (code.length) {
    const colours = document.createElement("link");
    colours.rel = "stylesheet";
    colours.href = new URL("pygments.css", document.currentScript?.src ?? document.baseURI);
    document.head.append(colours);
  }
  for (const block of code) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sr-copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    block.append(button);
  }

  // A link to a figure or a test whose part of the page is folded opens it.
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target?.closest("details"); part; part = part.parentElement.closest("details"))
      part.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
