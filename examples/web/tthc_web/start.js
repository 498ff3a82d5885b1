"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const form = at("hoi"), dossier = at("ho-so"), day = at("ngay-xet"), go = form.querySelector(".go");
  const sample = {
    dossier_id: "HS-MAU-0001", channel: "online", time_limit: { amount: 5, unit: "workday" },
    units: { handling_agency: "so-xay-dung", one_stop_unit: "ttpvhcc" },
    events: [
      { kind: "dossier_accepted", at: "2026-08-24T08:30" },
      { kind: "result_issued", at: "2026-09-09T10:00" },
    ],
  };
  const now = new Date();
  day.value = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  at("vi-du").addEventListener("click", () => {
    dossier.value = JSON.stringify(sample, null, 2);
    day.value = "2026-09-10";
    dossier.focus();
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
    const asked = new URLSearchParams({ as_of: day.value, lang: at("ngon-ngu").value });
    if (at("biet-den").value) asked.set("known_on", at("biet-den").value);
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
