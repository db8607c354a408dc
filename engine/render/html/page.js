"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Filters. Without script the page shows everything.
  const form = document.querySelector(".filters");
  const apply = () => {
    const want = Object.fromEntries(all("[name]", form).map((field) => [field.name, field.value.trim().toLowerCase()]));
    let rows = 0;
    for (const section of all(".matrix-section")) {
      section.hidden = (want.engine !== "" && section.dataset.engine.toLowerCase() !== want.engine) ||
        (want.release !== "" && section.dataset.release.toLowerCase() !== want.release);
      const column = all("thead th", section).findIndex((cell) => cell.textContent === want.compute);
      for (const body of all("tbody", section)) {
        let shown = 0;
        for (const row of all("tr.row", body)) {
          row.hidden = !row.cells[0].textContent.toLowerCase().includes(want.kind);
          shown += row.hidden ? 0 : 1;
        }
        body.hidden = shown === 0;
        if (!section.hidden) rows += shown;
      }
      for (const row of all("tr", section)) {
        if (row.cells.length < 3) continue;
        for (let i = 1; i < row.cells.length; i += 1) row.cells[i].hidden = want.compute !== "" && i !== column;
      }
    }
    form.querySelector("output").textContent = rows + (rows === 1 ? " row" : " rows");
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }

  // A cell opens its note in a dialog instead of jumping to it; closing gives the focus back.
  const dialog = document.querySelector("dialog");
  const open = (event) => {
    const link = event.target.closest("td a[href^='#']");
    const note = link && document.getElementById(link.hash.slice(1));
    if (!note || !dialog.showModal) return;
    event.preventDefault();
    const cell = link.closest("td");
    const table = cell.closest("table");
    const head = table.tHead.rows[0].cells[cell.cellIndex].textContent;
    const title = cell.closest("section").dataset.engine + " " + cell.closest("section").dataset.release;
    dialog.querySelector("h2").textContent = cell.parentElement.cells[0].textContent + " on " + head + ", " + title;
    dialog.querySelector(".note").replaceChildren(...[...note.childNodes].map((node) => node.cloneNode(true)));
    dialog.showModal();
  };
  if (dialog) {
    document.addEventListener("click", open);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }

  // One tab stop a table; arrow keys move between its cells.
  const links = (table) => all("td a", table);
  for (const table of all(".matrix")) links(table).forEach((link, i) => { link.tabIndex = i === 0 ? 0 : -1; });
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest && event.target.closest(".matrix td a");
    const step = steps[event.key];
    if (!link || !step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const cell = link.closest("td");
    const rows = all("tr.row", cell.closest("table"));
    let row = rows.indexOf(cell.parentElement);
    let column = cell.cellIndex;
    for (;;) {
      row += step[0];
      column += step[1];
      const next = rows[row] && rows[row].cells[column];
      if (!next) return;
      const target = next.querySelector("a");
      if (!target || next.hidden || rows[row].hidden || rows[row].parentElement.hidden) continue;
      link.tabIndex = -1;
      target.tabIndex = 0;
      target.focus();
      return;
    }
  });
})();
