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

  // A picture that the site has no file of is drawn from its SVG.
  const asPng = async (address) => {
    const drawing = new Image();
    drawing.src = address;
    await drawing.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * drawing.naturalWidth;
    canvas.height = 2 * drawing.naturalHeight;
    canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  };
  for (const button of document.querySelectorAll(".sr-drawn-here button"))
    button.addEventListener("click", async () => {
      const { svg } = button.dataset;
      try {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await asPng(svg));
        link.download = svg.split("/").pop().replace(/svg$/, "png");
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      } catch {
        button.textContent = "PNG: the drawing did not come";
      }
    });

  // A link to a figure or a test whose part of the page is folded opens it.
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target?.closest("details"); part; part = part.parentElement.closest("details"))
      part.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
