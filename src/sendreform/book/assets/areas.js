/* Your council, once: the picker at the top of every page.

   What is chosen is remembered in this browser and stands in the address (?area=886), so that it can
   be sent to somebody else. Other scripts hear of it: the document gets a "sendreform:area" event
   whose detail is the chosen place, or null for England alone. */
(() => {
  "use strict";

  const picker = document.querySelector(".sr-picker");
  const input = document.getElementById("sr-area");
  const list = document.getElementById("sr-areas");
  const clear = picker.querySelector(".sr-clear");
  const ownPage = picker.querySelector(".sr-own-page"); // an edition has none
  const status = picker.querySelector("[data-picker-status]");
  const listAddress = document.currentScript.dataset.areas;
  const root = document.documentElement.dataset.content_root;
  const MOST = 8;

  let loading;
  const load = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = listAddress;
      script.onload = () => resolve(window.sendreformAreas);
      script.onerror = () => {
        loading = undefined; // asked for again when the reader tries again
        reject(new Error("the list did not come"));
      };
      document.head.append(script);
    }));

  /* ---------------------------------------------------------------- finding a place by name */

  const plain = (text) =>
    text
      .normalize("NFD")
      .toLowerCase()
      .replace(/&/g, " and ")
      .replace(/[^a-z0-9 ]/g, "")
      .replace(/\s+/g, " ")
      .trim();

  // Words of the question must each begin a word of the name; a name that begins alike comes first.
  const rank = (asked, name) => {
    const text = plain(name);
    if (text === asked) return 0;
    if (text.startsWith(asked)) return 1;
    const words = text.split(" ");
    return asked.split(" ").every((part) => words.some((word) => word.startsWith(part))) ? 2 : 9;
  };

  // How many letters must change to make one word of the other: for names written almost right.
  const distance = (one, other) => {
    let row = [...Array(other.length + 1).keys()];
    for (let place = 1; place <= one.length; place++) {
      const next = [place];
      for (let at = 1; at <= other.length; at++)
        next[at] = Math.min(
          row[at] + 1,
          next[at - 1] + 1,
          row[at - 1] + (one[place - 1] === other[at - 1] ? 0 : 1),
        );
      row = next;
    }
    return row[other.length];
  };

  const find = (areas, text) => {
    const asked = plain(text);
    if (!asked) return areas.map((area) => ({ area }));
    const found = areas
      .map((area) => {
        const own = rank(asked, area.name);
        const old = area.also.find((name) => rank(asked, name) < 9);
        if (asked === area.code.toLowerCase()) return { area, order: 0 };
        return own < 9 || !old ? { area, order: own } : { area, order: 3, old };
      })
      .filter(({ order }) => order < 9);
    if (found.length)
      return found.sort((a, b) => a.order - b.order || a.area.name.length - b.area.name.length);
    return areas
      .map((area) => ({ area, order: distance(asked, plain(area.name).slice(0, asked.length + 1)) }))
      .filter(({ order }) => order <= Math.max(1, asked.length / 3))
      .sort((a, b) => a.order - b.order);
  };

  /* ---------------------------------------------------------------- a field with a list under it */

  // take(area) is called with what is taken from the list; rest() is what the field says after that.
  const combobox = ({ input, list, status, take, rest }) => {
    let shown = [];
    let active = -1;

    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      active = -1;
    };

    const mark = (place) => {
      active = place;
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", at === place));
      if (place < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    };

    const offer = (found, text) => {
      shown = found.slice(0, plain(text) ? MOST : found.length);
      list.replaceChildren(
        ...shown.map(({ area, old }, at) => {
          const item = document.createElement("li");
          item.id = `${list.id}-${at}`;
          item.role = "option";
          item.setAttribute("aria-selected", "false");
          item.append(area.name);
          if (old || area.level === "region") {
            const note = document.createElement("small");
            note.textContent = old ? `for ${old}` : "region";
            item.append(note);
          }
          return item;
        }),
      );
      list.hidden = !shown.length;
      input.setAttribute("aria-expanded", String(shown.length > 0));
      active = -1;
      status.textContent = shown.length
        ? `${found.length} ${found.length === 1 ? "place" : "places"}`
        : `No council or region is called ${text}.`;
    };

    const sayItDidNotCome = () => {
      status.textContent = "The list of councils did not come. Are you offline?";
    };
    const search = async () => {
      try {
        offer(find(await load(), input.value), input.value);
      } catch {
        sayItDidNotCome();
      }
    };

    input.addEventListener("input", search);
    input.addEventListener("focus", () => {
      input.select();
      load().catch(sayItDidNotCome);
    });
    input.addEventListener("click", search);
    input.addEventListener("blur", () => {
      close();
      input.value = rest();
    });
    input.addEventListener("keydown", async (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (list.hidden) await search();
        if (shown.length) mark((active + step + shown.length) % shown.length);
      } else if (event.key === "Enter") {
        event.preventDefault();
        const pick = shown[Math.max(active, 0)];
        if (!list.hidden && pick) take(pick.area);
      } else if (event.key === "Escape") {
        if (list.hidden) input.value = "";
        close();
      }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps focus
    list.addEventListener("click", (event) => {
      const place = [...list.children].indexOf(event.target.closest("li"));
      if (place >= 0) take(shown[place].area);
    });
    return { close, sayItDidNotCome };
  };

  /* ---------------------------------------------------------------- choosing */

  let chosen = null;

  const remember = (code) => {
    try {
      if (code) localStorage.setItem("sendreform-area", code);
      else localStorage.removeItem("sendreform-area");
    } catch {
      // A browser that keeps nothing still has the address.
    }
    const address = new URL(location);
    if (code) address.searchParams.set("area", code);
    else address.searchParams.delete("area");
    history.replaceState(history.state, "", address);
  };

  const tell = (area) => {
    chosen = area;
    input.value = area ? area.name : "";
    clear.hidden = !area;
    if (ownPage) {
      ownPage.hidden = !area;
      ownPage.textContent = area ? `Go to the page of ${area.place}` : "";
      if (area) ownPage.href = root + area.page;
    }
    if (area) document.documentElement.dataset.area = area.code;
    else delete document.documentElement.dataset.area;
    window.sendreformArea = area;
    document.dispatchEvent(new CustomEvent("sendreform:area", { detail: area }));
  };

  const choose = (area, words) => {
    field.close();
    remember(area?.code);
    tell(area);
    status.textContent = words;
  };

  // By its code, or by the name that it has in charts.
  const chooseCode = async (code) => {
    try {
      const area = (await load()).find((one) => one.code === code || one.name === code);
      if (area) choose(area, `Charts now show ${area.name} beside England.`);
    } catch {
      field.sayItDidNotCome();
    }
  };

  const field = combobox({
    input,
    list,
    status,
    take: (area) => choose(area, `Charts now show ${area.name} beside England.`),
    rest: () => (chosen ? chosen.name : ""),
  });
  clear.addEventListener("click", () => {
    choose(null, "Charts show England.");
    input.focus();
    field.close();
  });
  // Anything on a page that names a place can choose it: a hexagon of the map, a line of a list.
  document.addEventListener("sendreform:choose", (event) => chooseCode(event.detail));

  // On the page of a place: an offer to make it one's own, or word that it is.
  for (const button of document.querySelectorAll(".sr-make-own button")) {
    const offer = button.textContent;
    button.addEventListener("click", () => {
      if (button.dataset.code !== chosen?.code) chooseCode(button.dataset.code);
    });
    document.addEventListener("sendreform:area", ({ detail: area }) => {
      const isOwn = area?.code === button.dataset.code;
      button.textContent = isOwn ? button.dataset.own : offer;
      button.setAttribute("aria-disabled", String(isOwn));
    });
  }

  picker.hidden = false;
  const code = document.documentElement.dataset.area;
  if (code)
    load().then((areas) => {
      const area = areas.find((one) => one.code === code);
      if (area) {
        remember(code);
        tell(area);
      } else {
        choose(null, `No council or region of today has the code ${code}.`);
      }
    }, field.sayItDidNotCome);

  // On the page that lists them all: what is taken from the list is gone to.
  const place = document.getElementById("sr-place");
  if (place)
    combobox({
      input: place,
      list: document.getElementById("sr-place-list"),
      status: place.closest(".sr-find-place").querySelector("[role=status]"),
      take: (area) => location.assign(root + area.page),
      rest: () => place.value,
    });
})();
