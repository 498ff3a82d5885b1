"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const form = at("hoi"), dossier = at("ho-so"), day = at("ngay-xet"), go = form.querySelector(".go");
  const sample = `{{SAMPLE}}`;
  // A field of the browser's own would write days as the browser's language does: 09/10 is read as either.
  const two = (number) => String(number).padStart(2, "0");
  const now = new Date();
  day.value = `${two(now.getDate())}/${two(now.getMonth() + 1)}/${now.getFullYear()}`;
  const iso = (written) => {
    const found = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(written);
    return found ? `${found[3]}-${two(found[2])}-${two(found[1])}` : written.trim();
  };
  at("vi-du").addEventListener("click", () => {
    dossier.value = sample;
    day.value = "10/09/2026";
    dossier.focus();
    dossier.setSelectionRange(0, 0);
    dossier.scrollTop = 0;
  });
  dossier.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  const make = (tag, text, lang) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (lang) made.lang = lang;
    return made;
  };
  const query = () => {
    const asked = new URLSearchParams({ as_of: iso(day.value), lang: at("ngon-ngu").value });
    if (at("biet-den").value.trim()) asked.set("known_on", iso(at("biet-den").value));
    if (at("chat-che").checked) asked.set("strict", "true");
    for (const line of at("gia-dinh").value.split("\n")) if (line.trim()) asked.append("what_if", line.trim());
    return asked;
  };
  const ask = async (path, asked, body) => {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${path}?${asked}`, { method: "POST", headers, body });
    const text = await answer.text();
    if (answer.ok) return text;
    throw (answer.headers.get("Content-Type") || "").startsWith("application/problem+json")
      ? JSON.parse(text)
      : { title: `Máy chủ trả lời ${answer.status} / the server answers ${answer.status}`, problems: [] };
  };

  const refuse = (problem) => {
    at("ket-qua").hidden = true;
    at("h-loi").textContent = problem.title;
    const lines = problem.problems.map((one) => {
      const line = document.createElement("li");
      line.append(make("code", one.code), ` ${one.place}: ${one.vi} `, make("span", one.en, "en"));
      if (one.nearest) line.append(make("span", `Có phải «${one.nearest}»? / did you mean “${one.nearest}”?`));
      return line;
    });
    at("loi").querySelector("ul").replaceChildren(...lines);
    at("loi").hidden = false;
    dossier.setAttribute("aria-invalid", String(problem.problems.some((one) => !/^TR-(option|web)/.test(one.code))));
    day.setAttribute("aria-invalid", String(problem.problems.some((one) => one.place === "as_of")));
    at("loi").focus();
  };

  let kept = "";
  const show = (page, words, lang) => {
    const made = new DOMParser().parseFromString(page, "text/html");
    at("loi").hidden = true;
    for (const one of [dossier, day]) one.removeAttribute("aria-invalid");
    const [title, ...rest] = words.trim().split("\n");
    at("h-ket-qua").textContent = title;
    at("vi-sao").textContent = rest.join("\n");
    at("tom-luoc").replaceChildren(...made.querySelectorAll("header .warn, header .strip"));
    at("trang").replaceChildren(...made.querySelectorAll("main > section"));
    at("ket-qua").lang = lang;
    URL.revokeObjectURL(kept);
    kept = URL.createObjectURL(new Blob([page], { type: "text/html" }));
    at("mo-rieng").href = kept;
    at("ket-qua").hidden = false;
    at("ket-qua").focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (go.getAttribute("aria-busy") === "true") return;
    go.setAttribute("aria-busy", "true");
    at("dang-lam").textContent = "Đang tính… / counting…";
    const asked = query();
    const body = dossier.value;
    try {
      const [page, words] = await Promise.all([ask("/v1/timeline", asked, body), ask("/v1/explanation", asked, body)]);
      show(page, words, asked.get("lang"));
    } catch (error) {
      refuse(Array.isArray(error.problems) ? error : {
        title: "Không nối được với máy chủ / the server cannot be reached", problems: [],
      });
    } finally {
      go.setAttribute("aria-busy", "false");
      at("dang-lam").textContent = "";
    }
  });
})();
