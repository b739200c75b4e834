/* Makes a figure's chart live when it comes into view.

   The page already shows a drawing, so nothing here is needed to read it: without this script, the
   bundle or a connection, or if anything fails, the drawing stays. The Vega bundle is loaded once,
   from beside this file, and only when the first figure is about to be seen. */
(() => {
  "use strict";

  const bundle = new URL("vega-bundle.js", document.currentScript.src);
  const options = {
    mode: "vega-lite",
    actions: false,
    renderer: "svg",
    ast: true, // no code made from text: works under a strict content security policy
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  let loading;
  const load = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = bundle;
      script.onload = () => resolve(window.sendreformVegaEmbed);
      script.onerror = reject;
      document.head.append(script);
    }));

  const makeLive = async (drawing) => {
    const figure = drawing.closest(".sr-figure");
    const source = figure.querySelector("script[type='application/json']");
    const { shared, ...sizes } = JSON.parse(source.textContent);
    const live = document.createElement("div");
    live.className = "sr-live";
    live.setAttribute("aria-hidden", "true"); // the text alternative is on the element around it
    const embed = await load();
    await embed(live, { ...shared, ...sizes[drawing.dataset.frame] }, options);
    drawing.append(live);
    drawing.dataset.live = figure.dataset.live = "true";
  };

  const savesData =
    matchMedia("(prefers-reduced-data: reduce)").matches || navigator.connection?.saveData;
  if (savesData || !("IntersectionObserver" in window)) return;

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        makeLive(target).catch((error) => console.info("The drawing stays:", error));
      }
    },
    { rootMargin: "200px" },
  );
  for (const drawing of document.querySelectorAll(".sr-drawing")) observer.observe(drawing);
})();
