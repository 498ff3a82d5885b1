"use strict";
(() => {
  const all = (what, from = document) => [...from.querySelectorAll(what)];
  for (const part of all(".js")) part.hidden = false;

  const chosen = document.getElementById("chon-don-vi");
  const show = (id) => {
    for (const unit of all("article.unit")) unit.hidden = id !== "" && unit.id !== id;
    for (const row of all("tr[data-u]")) row.hidden = id !== "" && row.dataset.u !== id;
    for (const body of all("tbody")) {
      const rows = all("tr[data-u]", body);
      if (rows.length) body.hidden = rows.every((row) => row.hidden);
    }
    const link = document.getElementById("den-don-vi");
    link.hidden = id === "";
    link.href = "#" + id;
  };
  if (chosen) {
    chosen.addEventListener("change", () => show(chosen.value));
    addEventListener("hashchange", () => {
      const unit = document.getElementById(location.hash.slice(1));
      if (unit && unit.hidden) { chosen.value = ""; show(""); unit.scrollIntoView(); }
    });
  }

  const worth = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const found = /^[\u2212-]?[\d.]+(,\d+)?/.exec(text);
    return found ? Number(found[0].replace(/\./g, "").replace(",", ".").replace("\u2212", "-")) : null;
  };
  const table = document.getElementById("bang-don-vi");
  if (table) {
    const heads = all("thead tr:last-child th", table);
    heads.forEach((head, column) => {
      if (!head.classList.contains("n") && column) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") === "descending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        for (const body of table.tBodies) {
          const rows = all("tr[data-u]", body).sort((a, b) => {
            if (!column) return a.cells[0].textContent.localeCompare(b.cells[0].textContent, "vi") * (up ? 1 : -1);
            const [x, y] = [worth(a, column), worth(b, column)];
            if (x === null || y === null) return (x === null) - (y === null);
            return up ? x - y : y - x;
          });
          body.append(...rows);
        }
      });
    });
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open], .clause)");
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
})();
