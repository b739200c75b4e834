/* Chooses a council in a chart by keyboard, where the chart has a mark for each council.

   A live chart is a picture to a screen reader, and the Tab key passes its marks by. A list of its
   councils stands beside the picture instead and lies over it, so that the item where one is shows
   as a ring around the mark. It is one stop of the Tab key. figure.js loads this with the first
   such chart. */
window.sendreformChoose = (() => {
  "use strict";

  const PAUSE = 1000; // milliseconds after which letters begin another name
  const RING = { gap: 4, smallest: 20 }; // pixels: dots are small, and a ring must be seen
  const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const REST = "Letters go to a name, Enter chooses, Escape clears the mark, Tab goes on.";
  const HELP = {
    map: `Arrow keys go to the council beside. ${REST}`,
    dots: `Right goes to the next higher figure, left to the next lower. ${REST}`,
  };

  const plain = (text) => text.toLowerCase().replace(/[^a-z0-9 ]/g, "");

  /* ---------------------------------------------------------------- the councils of a chart */

  // Vega keeps with each element what it shows. Layers that repeat a council are drawn later.
  const marksIn = (drawing) => {
    const marks = new Map();
    for (const element of drawing.querySelectorAll(".sr-live path")) {
      const datum = element.__data__?.datum;
      const name = datum?.name ?? datum?.area;
      if (name && datum.text && !marks.has(name)) marks.set(name, { element, datum });
    }
    return marks;
  };

  // A map is read as a page is. Dots go from the lowest figure to the highest: a funnel plot has
  // figures; a distribution has piles of dots, each with its lowest at the bottom.
  const order = (datum) => {
    if ("x" in datum) return [datum.y, datum.x];
    return "value" in datum ? [datum.value, 0] : [datum.t_w, datum.up_w];
  };

  const councilsIn = (drawing) =>
    [...marksIn(drawing)]
      .map(([name, { datum }]) => ({
        name,
        text: datum.text,
        order: order(datum),
        // Hexagons are placed by half their width and half their radius.
        at: "x" in datum ? [datum.x * Math.sqrt(3), datum.y] : null,
      }))
      .sort(
        (one, other) =>
          one.order[0] - other.order[0] ||
          one.order[1] - other.order[1] ||
          one.name.localeCompare(other.name),
      );

  /* ---------------------------------------------------------------- where a key goes */

  // The nearest hexagon in a direction. Rows are set off by half a hexagon, so that steps up or down
  // keep to the line on which they began, and the way back is the way there.
  const onMap = (councils) => {
    let line;
    return (here, key) => {
      const [right, down] = ARROWS[key];
      const across = right ? 1 : 0;
      if (line?.at !== here || line.across !== across) line = { across, place: here.at[across] };
      let found = here;
      let least = Infinity;
      for (const one of councils) {
        const step = [one.at[0] - here.at[0], one.at[1] - here.at[1]];
        const along = step[0] * right + step[1] * down;
        const far = along + Math.abs(one.at[across] - line.place);
        if (along > 0 && Math.abs(step[across]) <= along && far < least) [found, least] = [one, far];
      }
      line.at = found;
      return found;
    };
  };

  // Among dots, right and up are higher, left and down are lower.
  const byFigure = (councils) => (here, key) => {
    const [right, down] = ARROWS[key];
    return councils[councils.indexOf(here) + right - down] ?? here;
  };

  // Letters typed one after the other are the beginning of a name. The same letter again goes on to
  // the next name with it.
  const byLetters = (councils) => {
    const alphabetical = councils.toSorted((one, other) => one.name.localeCompare(other.name));
    let typed = "";
    let last = -Infinity;
    const going = (now) => now - last < PAUSE;
    const end = () => (last = -Infinity);
    const next = (here, letter, now) => {
      typed = going(now) ? typed + letter : letter;
      last = now;
      const same = typed === typed[0].repeat(typed.length);
      const begin = plain(same ? typed[0] : typed);
      const found = alphabetical.filter(({ name }) => begin && plain(name).startsWith(begin));
      return (same ? found[(found.indexOf(here) + 1) % found.length] : found[0]) ?? here;
    };
    return { going, next, end };
  };

  /* ---------------------------------------------------------------- the list over a chart */

  const element = (tag, className, ...content) => {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...content);
    return made;
  };

  const makeList = (figure, isMap) => {
    const help = element("p", "sr-councils-help", HELP[isMap ? "map" : "dots"]);
    help.id = `${figure.id}-keys`;
    const list = element("div", "sr-councils");
    const title = figure.querySelector(".sr-title").textContent;
    list.tabIndex = 0;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", `Councils in the chart “${title}”`);
    list.setAttribute("aria-describedby", help.id);
    return { list, help };
  };

  const makeOption = ({ name, text }, id) => {
    const label = element("span", "", element("b", "", `${name}:`), ` ${text}`);
    const option = element("div", "sr-unseen", label);
    option.id = id;
    option.setAttribute("role", "option");
    return option;
  };

  const cover = (list, chart) => {
    list.style.left = `${chart.offsetLeft}px`;
    list.style.top = `${chart.offsetTop}px`;
    list.style.width = `${chart.offsetWidth}px`;
    list.style.height = `${chart.offsetHeight}px`;
  };

  // The label stands below the mark and to its right, or where there is more room.
  const ring = (option, mark, list) => {
    const box = mark.getBoundingClientRect();
    const frame = list.getBoundingClientRect();
    const size = Math.max(box.width + 2 * RING.gap, box.height + 2 * RING.gap, RING.smallest);
    const [left, top] = [
      box.left + box.width / 2 - frame.left,
      box.top + box.height / 2 - frame.top,
    ];
    option.style.left = `${left - size / 2}px`;
    option.style.top = `${top - size / 2}px`;
    option.style.width = option.style.height = `${size}px`;
    option.classList.toggle("sr-leftward", left > frame.width / 2);
    const label = option.firstChild.offsetHeight;
    option.classList.toggle("sr-upward", top + size + label > frame.height);
  };

  const tell = (name) =>
    document.dispatchEvent(new CustomEvent("sendreform:choose", { detail: name }));

  const listOver = (figure, chart, councils) => {
    const isMap = Boolean(councils[0].at);
    const { list, help } = makeList(figure, isMap);
    const options = new Map(); // council → its item; made when one first comes to the list
    let here = null;
    let stood = 0; // how far down the window the chart was when one came to it

    const isChosen = ({ name }) => name === window.sendreformArea?.name;
    const start = () => councils.find(isChosen) ?? councils[0];
    const select = () => {
      for (const [one, option] of options) option.setAttribute("aria-selected", isChosen(one));
    };
    const fill = () => {
      councils.forEach((one, at) => options.set(one, makeOption(one, `${help.id}-${at}`)));
      list.append(...options.values());
      select();
    };

    const place = () => {
      cover(list, chart);
      if (!here) return;
      const drawing = [...chart.querySelectorAll("[data-live]")].find((one) => one.offsetWidth);
      const mark = drawing && marksIn(drawing).get(here.name)?.element;
      const option = options.get(here);
      option.classList.toggle("sr-ringed", Boolean(mark)); // none where a drawing is not live yet
      if (mark) ring(option, mark, list);
    };
    const show = () => options.get(here).scrollIntoView({ block: "nearest", inline: "nearest" });
    const clear = () => {
      if (here) options.get(here).classList.remove("sr-ringed");
      here = null;
      list.removeAttribute("aria-activedescendant");
    };
    const go = (to) => {
      clear();
      here = to;
      list.setAttribute("aria-activedescendant", options.get(here).id);
      place();
      show();
    };

    const step = (isMap ? onMap : byFigure)(councils);
    const letters = byLetters(councils);
    const act = ({ key, timeStamp: now }) => {
      // A space is part of a name while one is typed.
      if (/^[a-z]$/i.test(key) || (key === " " && letters.going(now))) {
        go(letters.next(here ?? start(), key.toLowerCase(), now));
        return true;
      }
      if (key in ARROWS) go(here ? step(here, key) : start());
      else if (key === "Home") go(councils[0]);
      else if (key === "End") go(councils.at(-1));
      else if (key === "Enter" || key === " ") here ? tell(here.name) : go(start());
      else if (key === "Escape" && here) {
        clear();
        scrollBy({ top: chart.getBoundingClientRect().top - stood, behavior: "instant" });
      } else return false;
      letters.end();
      return true;
    };

    list.addEventListener("focus", () => {
      stood = chart.getBoundingClientRect().top;
      if (!options.size) fill();
      go(here ?? start());
    });
    list.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (act(event)) event.preventDefault();
    });
    // A screen reader on a phone has no keys: it clicks an item.
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      for (const [one, its] of options) if (its === option) tell(one.name);
    });
    document.addEventListener("sendreform:area", () => {
      select();
      // What a choice shows above the chart must not push the mark out of sight.
      if (here && list.matches(":focus")) requestAnimationFrame(show);
    });
    addEventListener("resize", place);
    chart.after(list, help);
    place();
    return place;
  };

  const lists = new Map(); // figure → what puts its list in place

  // A figure has a drawing for wide pages and one for narrow ones; they share a list.
  return (figure) => {
    const chart = figure.querySelector(".sr-chart");
    const councils = councilsIn(chart);
    if (lists.has(figure)) lists.get(figure)();
    else if (councils.length) lists.set(figure, listOver(figure, chart, councils));
  };
})();
