/* Narrows the ledger of claims by finding, status, whose claim it is, and words.

   The page holds every claim, and the form is hidden until this script has come, so nothing here is
   needed to read it. What is asked for stays in the address: ?status=differs&q=appeals */
(() => {
  "use strict";

  const ledger = document.querySelector(".sr-ledger");
  if (!ledger) return;
  const form = ledger.querySelector("form");
  const shown = form.querySelector(".sr-ledger-shown");
  const groups = [...ledger.querySelectorAll(".sr-ledger-group")];
  const claims = [...ledger.querySelectorAll(".sr-claim")].map((card) => ({
    card,
    text: card.textContent.toLowerCase(),
  }));
  const fields = [...form.querySelectorAll("[name]")];

  const asked = () => Object.fromEntries(fields.map((field) => [field.name, field.value.trim()]));

  const narrow = () => {
    const { q, ...kinds } = asked();
    const words = q.toLowerCase().split(/\s+/);
    for (const { card, text } of claims) {
      const isKind = Object.entries(kinds).every(([kind, value]) =>
        ["", card.dataset[kind]].includes(value),
      );
      card.hidden = !(isKind && words.every((word) => text.includes(word)));
    }
    for (const group of groups) group.hidden = !group.querySelector(".sr-claim:not([hidden])");
    const left = claims.filter(({ card }) => !card.hidden).length;
    shown.textContent = `${left} of ${claims.length} claims shown`;
  };

  const remember = () => {
    const address = new URL(location);
    for (const [name, value] of Object.entries(asked())) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  };

  const recall = () => {
    const address = new URLSearchParams(location.search);
    for (const field of fields) {
      field.value = address.get(field.name) ?? "";
      if (field.selectedIndex === -1) field.value = ""; // a choice that the ledger does not have
    }
  };

  const change = () => {
    narrow();
    remember();
  };

  const showAll = () => {
    for (const field of fields) field.value = "";
    change();
  };

  // A link to a claim leads to it, whatever was asked for before.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!ledger.contains(target) || !target.closest("[hidden]")) return;
    showAll();
    target.scrollIntoView();
  };

  form.addEventListener("input", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button").addEventListener("click", showAll);
  addEventListener("hashchange", reveal);

  recall();
  narrow();
  form.hidden = false;
  reveal();
})();
