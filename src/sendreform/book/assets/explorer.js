/* The explorer of "The cost of delay": a reader's own reform, worked out here and now.

   Plans are followed as the package does it, by single year of age and group of settings, without
   chance: once with the reform and once without. The ratio of the two is laid on the middle of the
   draws that the page holds. The state stands in the address (?reform=2027-4-12.5-20-12.5-0.5). */
(() => {
  "use strict";

  const section = document.querySelector(".sr-explorer");
  const { model, places, own, first } = JSON.parse(section.dataset.model);
  const form = section.querySelector("form");
  const results = section.querySelector(".sr-explorer-results");
  const now = section.querySelector(".sr-explorer-now");
  const list = results.querySelector("dl");
  const figure = results.querySelector("figure");
  const link = results.querySelector("[data-link]");
  const NAMES = ["start", "phase", "fewer_new_plans", "more_in_mainstream", "fewer_independent", "slower_unit_costs"];
  const YEARS = model.years;
  const [MAINSTREAM, SPECIAL] = [0, 1];
  const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

  /* ---------------------------------------------------------------- the model */

  const phased = (reform, year) =>
    Math.min(Math.max((model.origin + year - reform.start + 1) / reform.phase, 0), 1);

  // New plans that there would be without a reform, at each end: by year and age. A reform takes a
  // share of them.
  const due = [[], [], []];

  // Plans by January and setting, and what unit costs are multiplied by; at one end of how much
  // growth carries on, or in the middle.
  const follow = (reform, end) => {
    let stock = model.held.map((groups) => [...groups]);
    let began = model.began;
    let before = 0;
    let cheaper = 1;
    const course = [];
    const note = (share) => {
      const [main, special, further, other] = [0, 1, 2, 3].map((group) =>
        sum(stock.map((groups) => groups[group])));
      course.push({
        parts: [main, special * (1 - share), special * share, further, other],
        cheaper,
      });
    };
    const independent = (year) => {
      const [share, drift] = model.independent;
      return 1 / (1 + Math.exp(-(Math.log(share / (1 - share)) + drift * year)));
    };
    note(independent(0));
    for (let year = 0; year < YEARS; year++) {
      const ages = stock.map(sum);
      const held = sum(ages);
      const growth = year ? Math.log(held / before) : model.growth;
      if (year) began *= Math.exp(model.damping[end] ** year * growth);
      before = held;
      const works = reform ? phased(reform, year) : 0;
      const effect = (name) => (reform ? (reform[name] / 100) * works : 0);
      const mix = [...model.mix];
      const turned = mix[SPECIAL] * effect("more_in_mainstream");
      mix[SPECIAL] -= turned;
      mix[MAINSTREAM] += turned;
      if (!reform)
        due[end][year] = ages.map((age, at) => {
          const free = (model.children[year][at] - age) / (model.children[0][at] - sum(model.held[at]));
          return began * model.profile[at] * Math.max(free, 0);
        });
      const entries = due[end][year].map((plans) => plans * (1 - effect("fewer_new_plans")));
      stock = stock.map((_, at) => {
        const next = mix.map((share) => entries[at] * share);
        if (at)
          stock[at - 1].forEach((plans, from) => {
            const stay = plans * (1 - model.leaving[at - 1]);
            model.moves[at - 1][from].forEach((share, to) => (next[to] += stay * share));
          });
        return next;
      });
      cheaper *= 1 - effect("slower_unit_costs");
      note(independent(year + 1) * (1 - effect("fewer_independent")));
    }
    return course;
  };

  // The middle of draws, and both ends of the range of eight in ten.
  const ENDS = [0, 1, 2];
  const none = ENDS.map((end) => follow(null, end));

  // What a reform makes of a place. A draw with more growth has more to spend and more to save, so
  // each end is set against its own.
  const inPlace = (place, courses) => {
    const { parts } = place;
    const cost = (point, base) => {
      const weights = parts.map((part, at) => (part * point.parts[at]) / base[at] / sum(point.parts));
      return (sum(weights.map((part, at) => part * model.costs[at])) / sum(weights)) * point.cheaper;
    };
    const against = (end) => courses[end].map((point, year) => {
      const without = none[end][year];
      const base = none[end][0].parts;
      const fewer = sum(point.parts) / sum(without.parts);
      return { fewer, dearer: (fewer * cost(point, base)) / cost(without, base) };
    });
    const ratios = ENDS.map(against);
    const plans = place.plans.map((middle, year) => middle * ratios[0][year].fewer);
    const [low, high] = [place.low, place.high].map((plans, at) => plans * ratios[at + 1][YEARS].fewer);
    const made = { plans, ends: [plans[YEARS], low, high] };
    if (place.spending) {
      made.spending = ENDS.map((end) =>
        place.spending[end][YEARS] * ratios[end][YEARS].dearer * model.unit);
      made.less = ENDS.map((end) =>
        sum(place.spending[end].map((spent, year) => spent * (1 - ratios[end][year].dearer))) * model.unit);
    }
    if (place.deficit) made.deficit = ENDS.map((end) => atEnd(place.deficit)[end] - made.less[end]);
    return made;
  };

  // The last year of a middle course and of its ends, in pounds.
  const atEnd = (courses) => courses.map((course) => course[YEARS] * model.unit);

  /* ---------------------------------------------------------------- words and pictures */

  const rounded = (value) => {
    const step = value >= 100000 ? 1000 : value >= 1000 ? 100 : value >= 100 ? 10 : 1;
    return (step * Math.round(value / step)).toLocaleString("en-GB");
  };
  const pounds = (value) => {
    const size = Math.abs(value);
    const [by, name] = size >= 999950000 ? [1e9, "bn"] : [1e6, "m"];
    return `${value < 0 ? "−" : ""}£${(size / by).toFixed(1).replace(/\.0$/, "")}${name}`;
  };
  const lastYear = model.origin + YEARS;
  const financial = `${lastYear - 1}-${String(lastYear).slice(2)}`;

  const svg = (name, attributes, text = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };

  const draw = (without, withReform) => {
    // As wide as there is room, so that words keep their size.
    const width = Math.max(figure.clientWidth, 280);
    const [height, left, right, top, bottom] = [260, 2, 112, 30, 28];
    const most = Math.max(...without, ...withReform);
    const x = (year) => left + (year / YEARS) * (width - left - right);
    const y = (value) => height - bottom - (value / most) * (height - top - bottom);
    const line = (values, css) => svg("polyline", {
      class: css, points: values.map((value, year) => `${x(year)},${y(value)}`).join(" "),
    });
    const ends = [y(without[YEARS]), y(withReform[YEARS])];
    if (Math.abs(ends[0] - ends[1]) < 40) ends[1] = ends[0] + 40;
    const told = `Plans from January ${model.origin} to ${lastYear}: ${rounded(without[YEARS])} ` +
      `at the end without reform, ${rounded(withReform[YEARS])} with yours.`;
    const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told });
    chart.append(
      svg("line", { x1: left, x2: width - right, y1: height - bottom, y2: height - bottom, class: "axis" }),
      svg("text", { x: left, y: height - 8 }, String(model.origin)),
      svg("text", { x: width - right, y: height - 8, "text-anchor": "end" }, String(lastYear)),
      svg("text", { x: left, y: 12 }, "EHC plans, January, middle future"),
      line(without, "without"), line(withReform, "with"),
      ...[["No reform", without, "without"], ["Your reform", withReform, "with"]].flatMap(
        ([name, values, css], at) => [
          svg("text", { x: width - right + 6, y: ends[at], class: css }, name),
          svg("text", { x: width - right + 6, y: ends[at] + 17, class: css }, rounded(values[YEARS])),
        ]),
    );
    figure.replaceChildren(chart);
  };

  const tell = (rows) => {
    list.replaceChildren(...rows.map(([term, value, beside]) => {
      const pair = document.createElement("div");
      const [name, told, note] = ["dt", "dd", "dd"].map((tag) => document.createElement(tag));
      [name.textContent, told.textContent, note.textContent] = [term, value, beside];
      note.className = "beside";
      pair.append(name, told, note);
      return pair;
    }));
  };

  /* ---------------------------------------------------------------- what the reader does */

  const chosen = () => {
    const code = window.sendreformArea?.code;
    return places[code] ? code : own;
  };

  const read = () => Object.fromEntries(NAMES.map((name) => [name, Number(form.elements[name].value)]));

  const address = (reform) => {
    const to = new URL(location.href);
    to.searchParams.set("reform", NAMES.map((name) => reform[name]).join("-"));
    to.hash = "explorer";
    return to;
  };

  const show = (keep) => {
    const reform = read();
    for (const input of form.querySelectorAll("input")) {
      const output = input.parentElement.querySelector("output");
      output.textContent = `${input.value}${output.dataset.unit}`;
      input.setAttribute("aria-valuetext", output.textContent);
    }
    const code = chosen();
    const place = places[code];
    if (place.few) {
      results.querySelector("[data-place]").textContent = `In ${place.name} so few children ` +
        "and young people hold an EHC plan that these figures would say more of single families than of the system.";
      list.replaceChildren();
      figure.replaceChildren();
      now.textContent = "";
      keepState(read(), keep);
      return;
    }
    const made = inPlace(place, ENDS.map((end) => follow(reform, end)));
    const nothing = NAMES.slice(2).every((name) => !reform[name]);
    results.querySelector("[data-place]").textContent = nothing
      ? `For ${place.name}, if nothing changes:`
      : `For ${place.name}, if your reform began in ${reform.start} and had these effects:`;
    const row = (term, unit, values, without) => [
      term, unit(values[0]),
      `range ${unit(values[1])} to ${unit(values[2])}; ` + (without
        ? `without reform ${unit(without[0])} (${unit(without[1])} to ${unit(without[2])})`
        : "in cash, before what the reform costs"),
    ];
    const rows = [row(`EHC plans, January ${lastYear}`, rounded, made.ends,
      [place.plans[YEARS], place.low, place.high])];
    if (made.spending)
      rows.push(
        row(`Spending in ${financial}, cash`, pounds, made.spending, atEnd(place.spending)),
        row("Less spent, all years together", pounds, made.less),
      );
    if (made.spending && !nothing) {
      const later = inPlace(place, ENDS.map((end) => follow({ ...reform, start: reform.start + 1 }, end)));
      const more = ENDS.map((end) => made.less[end] - later.less[end]);
      rows.push([
        `If it began in ${reform.start + 1}, a year later`, `${pounds(more[0])} more spent`,
        `range ${pounds(more[1])} to ${pounds(more[2])}; in cash, all years together`,
      ]);
    }
    if (made.deficit)
      rows.push(row(`Deficit at the end of ${financial}`, pounds, made.deficit, atEnd(place.deficit)));
    tell(rows);
    now.textContent = `By ${lastYear}: ` + [
      `${rounded(made.ends[0])} plans`,
      made.spending && `${pounds(made.spending[0])} a year`,
      made.deficit && `${pounds(made.deficit[0])} deficit`,
    ].filter(Boolean).join(", ");
    draw(place.plans, made.plans);
    keepState(reform, keep);
  };

  const keepState = (reform, keep) => {
    const to = address(reform);
    link.href = to.href;
    if (keep) history.replaceState(null, "", to.href.replace(/#explorer$/, location.hash));
  };

  const set = (state) => {
    for (const name of NAMES) form.elements[name].value = state[name];
  };

  // Six numbers; a control brings what lies outside its limits back within them.
  const fromAddress = () => {
    const parts = (new URLSearchParams(location.search).get("reform") ?? "").split("-").map(Number);
    if (parts.length !== NAMES.length || parts.some((part) => !Number.isFinite(part))) return first;
    const state = Object.fromEntries(NAMES.map((name, at) => [name, parts[at]]));
    for (const name of ["start", "phase"]) {
      const values = [...form.elements[name].options].map((option) => Number(option.value));
      if (!values.includes(state[name])) state[name] = first[name];
    }
    return state;
  };

  set(fromAddress());
  form.addEventListener("input", () => show(true));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    set(first);
    show(true);
  });
  form.querySelector("[data-nothing]").addEventListener("click", () => {
    for (const input of form.querySelectorAll("input")) input.value = 0;
    show(true);
  });
  document.addEventListener("sendreform:area", () => show(false));
  addEventListener("resize", () => show(false));
  section.querySelector(".sr-explorer-without").hidden = true;
  form.hidden = now.hidden = results.hidden = false;
  show(false);
})();
