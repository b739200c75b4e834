/* Makes a figure's chart live when it comes into view, and shows the reader's own council in it.

   The page already shows a drawing, so nothing here is needed to read it: without this script, the
   bundle or a connection, or if anything fails, the drawing stays. The Vega bundle and the data of
   a page's charts are loaded once, and only when the first figure is about to be seen. */
(() => {
  "use strict";

  const article = document.querySelector(".sr-article");
  const { bundle, choose } = document.currentScript.dataset;
  const options = {
    mode: "vega-lite",
    actions: false,
    renderer: "svg",
    ast: true, // no code made from text: works under a strict content security policy
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  const loaded = new Map();
  const load = (address, name) => {
    if (!loaded.has(address))
      loaded.set(
        address,
        new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = address;
          script.onload = () => resolve(window[name]);
          script.onerror = () => {
            loaded.delete(address); // asked for again when it is needed again
            reject(new Error(`${address} did not come`));
          };
          document.head.append(script);
        }),
      );
    return loaded.get(address);
  };
  const loadVega = () => load(bundle, "sendreformVegaEmbed");
  const loadFigures = () => load(article.dataset.live, "sendreformFigures");
  const loadChoose = () => load(choose, "sendreformChoose");
  const loadPlaces = () => load(article.dataset.places, "sendreformPlaces");

  /* ---------------------------------------------------------------- live charts */

  // Data travel as columns, each table once a page; Vega wants rows.
  const rowsOf = (columns) => {
    const names = Object.keys(columns);
    const count = names.length ? columns[names[0]].length : 0;
    return Array.from({ length: count }, (_, row) =>
      Object.fromEntries(
        names
          .filter((name) => columns[name][row] !== null)
          .map((name) => [name, columns[name][row]]),
      ),
    );
  };

  const specification = ({ datasets, figures }, id, frame) => {
    const { shared, ...sizes } = figures[id];
    const used = Object.fromEntries(
      Object.entries(shared.datasets).map(([name, table]) => [name, rowsOf(datasets[table])]),
    );
    return { ...shared, ...sizes[frame], datasets: used };
  };

  // Where so few hold a plan that figures would be those of single families, they are not told.
  const choice = (area) => (area && !area.small ? area.name : "");
  const tooFew = (area) =>
    `${area.name}: so few children and young people hold an EHC plan there that these figures would say more of single families than of the system.`;
  const views = new Map(); // drawing → Vega view

  const makeLive = async (drawing) => {
    const figure = drawing.closest(".sr-figure");
    const [embed, page] = await Promise.all([loadVega(), loadFigures()]);
    const live = document.createElement("div");
    live.className = "sr-live";
    live.setAttribute("aria-hidden", "true"); // the text alternative is on the element around it
    const { view } = await embed(live, specification(page, figure.id, drawing.dataset.frame), options);
    drawing.append(live);
    drawing.dataset.live = figure.dataset.live = "true";
    views.set(drawing, view);
    view.addEventListener("click", (_event, item) => {
      const place = item?.datum?.name ?? item?.datum?.area;
      if (place) document.dispatchEvent(new CustomEvent("sendreform:choose", { detail: place }));
    });
    if (mark(view, window.sendreformArea)) (await loadChoose())(figure);
  };

  // A chart with a dot or a hexagon for each council has a signal for the chosen one.
  const mark = (view, area) => {
    try {
      view.signal("chosen", choice(area)).runAsync();
      return true;
    } catch {
      return false; // this chart has no councils in it
    }
  };

  /* ---------------------------------------------------------------- one's own council */

  const write = ({ before, after, decimals }, value) => {
    const size = Math.abs(value);
    const scaled = size >= 1e9 ? [1e9, "bn"] : size >= 1e6 ? [1e6, "m"] : [1, ""];
    const digits = (size / scaled[0]).toLocaleString("en-GB", {
      minimumFractionDigits: scaled[1] ? 0 : decimals,
      maximumFractionDigits: scaled[1] ? 1 : decimals,
    });
    return `${value < 0 ? "−" : ""}${before}${digits}${scaled[1]}${after}`;
  };

  const middle = (values) => {
    const known = values.filter((value) => value !== null).sort((a, b) => a - b);
    if (known.length < 3) return null; // of fewer there is no middle worth the name
    const half = known.length / 2;
    return known.length % 2 ? known[Math.floor(half)] : (known[half - 1] + known[half]) / 2;
  };

  // Where a measure goes on into the future: the ends of the range of the place, in each period.
  const rangeOf = (measure, area) => {
    const ends = measure.ranges?.[area.code];
    const along = (end) => [...measure.periods.slice(end.length).map(() => null), ...end];
    return ends ? { low: along(ends.low), high: along(ends.high) } : {};
  };

  // The series that stand beside each other: the place, its neighbours' middle, its region, England.
  const besides = (measure, area) => {
    const none = measure.periods.map(() => null);
    const of = (code) => measure.values[code] ?? none;
    const series = [{ role: "chosen", name: area.name, values: of(area.code), ...rangeOf(measure, area) }];
    if (area.near.length) {
      const near = area.near.map(of);
      series.push({
        role: "near",
        name: "Middle of its ten statistical neighbours",
        values: measure.periods.map((_, at) => middle(near.map((values) => values[at]))),
      });
    }
    if (area.region) series.push({ role: "region", name: area.regionName, values: of(area.region) });
    series.push({ role: "england", name: "England", values: of(measure.england) });
    return series.filter(({ values }) => values.some((value) => value !== null));
  };

  // Counts differ by the size of a place, so they are compared by how they grew.
  const indexed = (series) => {
    const start = series[0].values.findIndex((_, at) =>
      series.every(({ values }) => values[at] !== null && values[at] > 0),
    );
    if (start < 0) return null;
    const scaled = (numbers, start) =>
      numbers?.map((value) => (value === null ? null : (100 * value) / start));
    return {
      start,
      series: series.map((one) => ({
        ...one,
        values: scaled(one.values, one.values[start]),
        low: scaled(one.low, one.values[start]),
        high: scaled(one.high, one.values[start]),
      })),
    };
  };

  const course = (measure, values) => {
    const known = values.map((value, at) => [at, value]).filter(([, value]) => value !== null);
    if (!known.length) return "no figure is published";
    const [first, last] = [known[0], known.at(-1)];
    const words = ([at, value]) => `${write(measure, value)} in ${measure.periods[at]}`;
    if (first === last) return words(last);
    const passed = measure.breaks.filter((at) => first[0] < at && at <= last[0]).length;
    const verb = { "-1": "fell", 0: "stood", 1: "rose" }[Math.sign(last[1] - first[1])];
    const told = verb === "stood" ? "stood at" : `${verb} from`;
    return verb === "stood"
      ? `${told} ${write(measure, first[1])} in both ${measure.periods[first[0]]} and ${measure.periods[last[0]]}`
      : `${told} ${words(first)} to ${words(last)}${passed ? ", counted differently on the way" : ""}`;
  };

  // What was counted last and what is projected last, with its range.
  const toCome = (measure, { values, low, high }) => {
    if (!low) return `${course(measure, values)}${measure.ranges ? "; too few hold a plan there to project" : ""}`;
    const now = `${write(measure, values[measure.counted])} counted in ${measure.periods[measure.counted]}`;
    const [last, from, to] = [values, low, high].map((numbers) => write(measure, numbers.at(-1)));
    return `${now}; ${from} to ${to} projected for ${measure.periods.at(-1)} (middle ${last}), if nothing changes`;
  };

  // How a count grew; a small one from number to number, as a percentage of few says little.
  const FEW = 50;
  const growth = (measure, values) => {
    const known = values
      .map((value, at) => [at, value])
      .filter(([at, value]) => value !== null && at >= (measure.counted ?? 0));
    const [first, last] = [known[0], known.at(-1)];
    if (known.length < 2 || Math.min(first[1], last[1]) < FEW) return course(measure, values);
    const percent = 100 * (last[1] / first[1] - 1);
    const [fell, rose] = measure.ranges ? ["would fall", "would rise"] : ["fell", "rose"];
    const verb = percent < 0 ? fell : rose;
    return `${verb} by ${Math.abs(percent).toFixed(0)}%, ${measure.periods[first[0]]} to ${measure.periods[last[0]]}`;
  };

  const capital = (words) => words[0].toUpperCase() + words.slice(1);

  const newest = (measure, series) => {
    const at = measure.periods.findLastIndex((_, place) => series[0].values[place] !== null);
    return at < 0 ? null : at;
  };

  const element = (tag, className, ...content) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  const tableOf = (measure, series, area) => {
    const columns = series.flatMap(({ name, values, low, high }) => [
      { name, values },
      ...(low ? [{ name: `${name}: low end of range`, values: low }, { name: `${name}: high end of range`, values: high }] : []),
    ]);
    const head = element("tr", "", element("th", "", "Period"));
    for (const { name } of columns) head.append(element("th", "", name));
    for (const cell of head.children) cell.scope = "col";
    const rows = measure.periods.map((period, at) => {
      const row = element("tr", "", element("th", "", period));
      row.firstChild.scope = "row";
      for (const { values } of columns)
        row.append(element("td", "", values[at] === null ? "–" : write(measure, values[at])));
      return row;
    });
    const table = element(
      "table",
      "",
      element("caption", "", `${measure.title}, ${area.name} beside others`),
      element("thead", "", head),
      element("tbody", "", ...rows),
    );
    const region = element("div", "sr-scroll", table);
    region.tabIndex = 0;
    region.setAttribute("role", "region");
    region.setAttribute("aria-label", `Table: ${measure.title}, ${area.name}`);
    const summary = element("summary", "", "Data table");
    summary.setAttribute("aria-label", `Data table: ${measure.title}, ${area.name}`);
    return element("details", "sr-data", summary, region);
  };

  const comparison = (page, measure, drawn, wide) => {
    const spec = structuredClone(page.comparison[wide ? "wide" : "narrow"]);
    const rows = drawn.series.flatMap(({ role, name, values, low, high }) =>
      values.flatMap((value, at) =>
        value === null
          ? []
          : [
              {
                role,
                name,
                t: measure.times[at],
                run: measure.breaks.filter((place) => place <= at).length,
                value,
                period: measure.periods[at],
                text: drawn.start === undefined ? write(measure, value) : value.toFixed(0),
                ...((low?.[at] ?? null) === null ? {} : { low: low[at], high: high[at] }),
              },
            ],
      ),
    );
    const labels = {};
    const step = Math.ceil(measure.periods.length / (wide ? 8 : 4));
    measure.times.forEach((time, at) => {
      if ((measure.times.length - 1 - at) % step === 0) labels[time] = measure.periods[at].replace("January ", "Jan ");
    });
    const text = JSON.stringify(spec)
      .replaceAll('"TICKS"', JSON.stringify(Object.keys(labels).map(Number)))
      .replaceAll("LABELS", JSON.stringify(labels).replaceAll('"', '\\"'));
    return { ...JSON.parse(text), datasets: { lines: rows } };
  };

  const panels = new Map(); // figure → its panel

  const fill = async (figure, area) => {
    const page = await loadPlaces();
    const panel = panels.get(figure);
    if (window.sendreformArea !== area || !panel) return;
    const measure = page.figures[figure.id] && page.measures[page.figures[figure.id]];
    delete panel.chart;
    if (!measure) {
      panel.replaceChildren(
        element("p", "sr-note", element("b", "", area.name), `: no figures of its own. ${page.without[figure.id] ?? ""}`),
      );
      return;
    }
    if (area.small && !measure.small) {
      panel.replaceChildren(element("p", "sr-note", tooFew(area)));
      return;
    }
    const series = besides(measure, area);
    const [own, ...others] = series;
    if (own?.role !== "chosen") {
      panel.replaceChildren(
        element("p", "", element("b", "", area.name), `: no figure is published for ${measure.title.toLowerCase()}.`),
      );
      return;
    }
    const at = newest(measure, series);
    const beside = others
      .filter(({ values }) => values[at] !== null)
      .map(({ role, name, values }) =>
        element("li", "", element("span", `sr-key sr-key-${role}`), `${name}: ${
          measure.index ? growth(measure, values) : `${write(measure, values[at])} in ${measure.periods[at]}`
        }`),
      );
    const words = element("p", "sr-place", element("span", "sr-key sr-key-chosen"), element("b", "", area.name), `: ${toCome(measure, own)}.`);
    const list = element("ul", "sr-keys", ...beside);
    const drawn = measure.index ? indexed(series) : { series };
    const parts = [element("p", "sr-measure", measure.title), words, list];
    if (drawn) {
      const chart = element("div", "sr-beside-chart");
      chart.setAttribute("role", "img");
      chart.setAttribute("aria-label", `Line chart, ${measure.title}. ${area.name}: ${toCome(measure, own)}.`);
      const notes = [measure.unit];
      if (measure.index)
        notes.push(`${measure.periods[drawn.start]} = 100, so that places of different size can be compared`);
      if (own.low) notes.push(`shaded: eight in ten simulated futures of ${area.name}`);
      parts.push(element("p", "sr-subtitle", `${notes.join("; ")}.`), chart);
      panel.chart = async () => {
        const embed = await loadVega();
        const wide = panel.clientWidth > 500;
        const live = element("div"); // Vega names what it draws in, and chart has its name already
        live.setAttribute("aria-hidden", "true");
        chart.replaceChildren(live);
        await embed(live, comparison(page, measure, drawn, wide), options);
        if (chart.isConnected) panel.dataset.live = "true";
      };
    }
    panel.replaceChildren(...parts, tableOf(measure, series, area));
    if (drawn) panelObserver.observe(panel); // drawn when it comes into view
  };

  // A few figures of the place in words, where a page asks for them.
  const tellOwn = async (section, area) => {
    const invitation = section.querySelector(".sr-own-invitation");
    section.querySelector(".sr-own-told")?.remove();
    invitation.hidden = Boolean(area);
    if (!area) return;
    const { measures } = await loadPlaces();
    if (window.sendreformArea !== area) return;
    const cards = section.dataset.own.split(" ").map((name) => {
      const measure = measures[name];
      if (area.small && !measure.small)
        return element("li", "", element("b", "sr-own-title", measure.title), element("p", "", "Too few children and young people to tell."));
      const [own, ...others] = besides(measure, area);
      if (own?.role !== "chosen")
        return element("li", "", element("b", "", measure.title), element("p", "", "No figure is published."));
      const at = newest(measure, [own]);
      const card = element(
        "li",
        "",
        element("span", "sr-own-title", measure.title),
        element("b", "sr-own-figure", write(measure, own.values[at])),
        element("span", "sr-own-period", measure.periods[at]),
      );
      const compare = measure.index
        ? `${capital(course(measure, own.values))}.`
        : others
            .filter(({ values }) => values[at] !== null)
            .map(({ name, values }) => `${name}: ${write(measure, values[at])}`)
            .join(". ") + ".";
      card.append(element("p", "", compare));
      return card;
    });
    const name = element(area.page ? "a" : "span", "", area.name);
    if (area.page) name.href = document.documentElement.dataset.content_root + area.page;
    const told = element("div", "sr-own-told", element("h2", "", name), element("ul", "", ...cards));
    section.querySelector(".sr-own-told")?.remove();
    section.append(told);
  };

  const showPlace = (area) => {
    for (const section of document.querySelectorAll("[data-own]"))
      tellOwn(section, area).catch((error) => console.info(error));
    for (const [drawing, view] of views) if (drawing.isConnected) mark(view, area);
    if (!article.dataset.places) return;
    for (const figure of document.querySelectorAll("figure.sr-figure")) {
      const old = panels.get(figure);
      if (!area) {
        old?.remove();
        panels.delete(figure);
        continue;
      }
      const panel = old ?? element("div", "sr-beside");
      if (!old) {
        [...figure.querySelectorAll(".sr-chart, .sr-councils-help")].at(-1).after(panel);
        panels.set(figure, panel);
      }
      delete panel.dataset.live;
      panelObserver.unobserve(panel);
      // The words at once, so that nothing below moves while the page is read.
      fill(figure, area).catch((error) => {
        panel.replaceChildren(element("p", "sr-note", "The figures of your council did not come."));
        console.info(error);
      });
    }
  };

  /* ---------------------------------------------------------------- when a figure is seen */

  // Draws charts of a kind that are near the view, one at a time. The page moves between two of
  // them, and what has left the view by then is not drawn: who scrolls past many waits for none.
  const drawnWhenSeen = (rootMargin, draw) => {
    const seen = new Set();
    let busy = false;
    const drawAll = async () => {
      if (busy) return;
      busy = true;
      for (const target of seen) {
        seen.delete(target);
        observer.unobserve(target);
        await draw(target);
        await new Promise((moved) => requestAnimationFrame(() => setTimeout(moved)));
      }
      busy = false;
    };
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries)
          if (isIntersecting) seen.add(target);
          else seen.delete(target);
        drawAll();
      },
      { rootMargin },
    );
    return observer;
  };

  const panelObserver = drawnWhenSeen("300px", (panel) =>
    panel.chart?.().catch((error) => console.info("No chart:", error)),
  );

  // Paper shows every panel. Where Vega has come, its charts are drawn before the page is printed;
  // where it has not, the table of a panel is printed in its place.
  addEventListener("beforeprint", () => {
    for (const panel of panels.values())
      if (!panel.dataset.live) panel.chart?.().catch((error) => console.info("No chart:", error));
  });

  document.addEventListener("sendreform:area", (event) => showPlace(event.detail));
  if (window.sendreformArea) showPlace(window.sendreformArea);

  const savesData =
    matchMedia("(prefers-reduced-data: reduce)").matches || navigator.connection?.saveData;
  if (savesData || !article.dataset.live) return;

  const observer = drawnWhenSeen("200px", (drawing) =>
    makeLive(drawing).catch((error) => console.info("The drawing stays:", error)),
  );
  for (const drawing of document.querySelectorAll(".sr-drawing")) observer.observe(drawing);
})();
