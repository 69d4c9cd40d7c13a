// The pages' behaviour: menus, tables, search, forms. Charts are in charts.js. Everything also works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- theme ---
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-toggle]");
    if (!button) return;
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    try { localStorage.setItem("jiefa-theme", root.dataset.bsTheme); } catch { /* storage may be closed */ }
    document.dispatchEvent(new CustomEvent("jiefa:theme"));
  });

  // --- menus: <details class="menu"> ---
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // --- search in the top bar ---
  const suggestions = () => document.getElementById("suggest");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, textarea, select");
    const field = document.getElementById("seek");
    if (event.key === "/" && !typing && field) {
      event.preventDefault();
      field.focus();
    }
    const list = suggestions();
    if (!field || !list || !(event.target === field || list.contains(event.target))) return;
    const links = all("a", list);
    const here = links.indexOf(document.activeElement);
    if (event.key === "Escape") { list.hidden = true; field.focus(); }
    if (event.key === "ArrowDown" && links.length) { event.preventDefault(); links[Math.min(here + 1, links.length - 1)].focus(); }
    if (event.key === "ArrowUp" && here >= 0) { event.preventDefault(); (here ? links[here - 1] : field).focus(); }
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "seek" && suggestions()) suggestions().hidden = false;
  });
  document.addEventListener("click", (event) => {
    const list = suggestions();
    if (list && !event.target.closest(".seek")) list.hidden = true;
  });

  // --- small commands ---
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-back]")) history.back();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-go]") && event.target.value) location.assign(event.target.value);
  });
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // --- tables that are wholly on the page: sort by head, filter by words ---
  const keyOf = (cell) => cell?.dataset.sort ?? cell?.textContent.trim() ?? "";
  function sortBy(head) {
    const table = head.closest("table");
    const column = [...head.parentNode.children].indexOf(head);
    const numeric = head.classList.contains("n");
    const falling = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : numeric;
    const sign = falling ? -1 : 1;
    const collator = new Intl.Collator(root.lang);
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [keyOf(a.cells[column]), keyOf(b.cells[column])];
      if (x === "" || y === "") return (x === "") - (y === "");
      return numeric ? sign * (parseFloat(x.replaceAll(",", "")) - parseFloat(y.replaceAll(",", ""))) : sign * collator.compare(x, y);
    });
    body.append(...rows);
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  }
  function makeSortable(within) {
    for (const head of all("table[data-sortable] thead th:not([data-fixed])", within)) {
      if (head.querySelector("button")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sortBy(head));
      head.append(button);
    }
  }
  document.addEventListener("input", (event) => {
    const id = event.target.dataset?.filterFor;
    if (!id) return;
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of document.getElementById(id)?.tBodies[0]?.rows ?? []) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });

  // --- lists to tick: all at once, and how many ---
  function countTicks(form) {
    const ticks = all("input[name=dossier]", form);
    const ticked = ticks.filter((tick) => tick.checked).length;
    const whole = form.querySelector("[data-tick-all]");
    if (whole) { whole.checked = ticked > 0 && ticked === ticks.length; whole.indeterminate = ticked > 0 && ticked < ticks.length; }
    for (const place of all("[data-tick-count]", form)) place.textContent = ticked ? `(${ticked})` : "";
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-ticks]");
    if (!form) return;
    if (event.target.matches("[data-tick-all]")) for (const tick of all("input[name=dossier]", form)) tick.checked = event.target.checked;
    countTicks(form);
  });
  for (const form of all("form[data-ticks]")) countTicks(form);

  // --- files dropped on an upload ---
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      const zone = event.target.closest?.(".drop");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("over", type === "dragover");
      const input = zone.querySelector("input[type=file]");
      if (type === "drop" && input && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
  document.addEventListener("change", (event) => {
    const shown = event.target.closest?.(".drop")?.querySelector("[data-file-name]");
    const file = event.target.files?.[0];
    if (shown && file) shown.textContent = `${file.name} · ${(file.size / 1e6).toFixed(1)} MB`;
  });

  // --- a form left with unsaved words ---
  let typed = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) typed = true; });
  document.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  // --- members who come and go on the form of an application; without script the same buttons ask the server ---
  const blankMember = document.querySelector("template[data-member-blank]");
  function addMember(row) {
    const place = document.querySelector("[data-members]");
    const rows = all("input[name=row]", place).map((input) => Number(input.value));
    const number = row ?? Math.max(0, ...rows) + 1;
    if (rows.includes(number)) return;
    const holder = document.createElement("div");
    holder.innerHTML = blankMember.innerHTML.replaceAll("m0-", `m${number}-`).replaceAll("member-new", `member-row-${number}`);
    holder.querySelector("input[name=row]").value = number;
    const member = holder.firstElementChild;
    place.append(member);
    return member;
  }
  document.addEventListener("click", (event) => {
    if (!blankMember || !event.target.closest("[data-member-add], [data-member-remove]")) return;
    event.preventDefault();
    if (event.target.closest("[data-member-add]")) addMember()?.querySelector("input:not([type=hidden])").focus();
    else event.target.closest("details").remove();
    const form = document.querySelector("form[data-draft]");
    for (const type of ["input", "change"]) form.dispatchEvent(new Event(type, { bubbles: true }));
  });
  document.addEventListener("input", (event) => {
    const title = event.target.matches?.("[name^=m][name$=-name]") && event.target.closest("[data-members] details")?.querySelector("[data-member-title]");
    if (blankMember && title && event.target.value) title.textContent = event.target.value;
  });

  // --- drafts: what was typed stays in this browser until it is saved; numbers of certificates, telephones, accounts never ---
  const DRAFT = "jiefa-draft:";
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* storage may be full or closed */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing kept */ } },
    drafts() { try { return Object.keys(localStorage).filter((key) => key.startsWith(DRAFT)); } catch { return []; } },
  };
  const draftForm = document.querySelector("form[data-draft]");
  function draftFields() {
    const skipped = new Set(draftForm.dataset.draftSkip.split(" "));
    return [...draftForm.elements].filter((field) => field.name && field.type !== "hidden" && !skipped.has(field.name.split("-").pop()));
  }
  function fieldState(field) { return field.type === "checkbox" ? field.checked : field.value; }
  const idOf = (field) => (field.type === "checkbox" ? `${field.name}=${field.value}` : field.name);
  if (draftForm) {
    const key = DRAFT + draftForm.dataset.draft;
    const note = document.getElementById("draft-note");
    const first = new Map(draftFields().map((field) => [idOf(field), fieldState(field)]));
    const kept = JSON.parse(store.get(key) ?? "null");
    if (kept && (blankMember || draftFields().some((field) => idOf(field) in kept && kept[idOf(field)] !== fieldState(field)))) note.hidden = false;
    let waiting;
    draftForm.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const changed = draftFields().filter((field) => fieldState(field) !== first.get(idOf(field)));
        if (changed.length) store.set(key, JSON.stringify(Object.fromEntries(changed.map((field) => [idOf(field), fieldState(field)]))));
        else store.drop(key);
      }, 300);
    });
    note.querySelector("[data-draft-restore]").addEventListener("click", () => {
      if (blankMember) for (const row of new Set(Object.keys(kept).map((name) => Number(/^m(\d+)-/.exec(name)?.[1])).filter(Boolean))) addMember(row);
      for (const field of draftFields()) {
        if (!(idOf(field) in kept)) continue;
        if (field.type === "checkbox") field.checked = kept[idOf(field)]; else field.value = kept[idOf(field)];
        field.closest("details")?.setAttribute("open", "");
      }
      note.hidden = true;
      draftForm.dispatchEvent(new Event("input", { bubbles: true }));
      draftForm.dispatchEvent(new Event("change", { bubbles: true }));
    });
    note.querySelector("[data-draft-drop]").addEventListener("click", () => { store.drop(key); note.hidden = true; });
  }
  const saved = document.querySelector("[data-saved-household]");
  if (saved) {
    for (const key of store.drafts()) {
      const [household, , version] = key.slice(DRAFT.length).split(":");
      if (household === saved.dataset.savedHousehold && Number(version) < Number(saved.dataset.savedVersion)) store.drop(key);
    }
  }
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) for (const key of store.drafts()) store.drop(key);
  });

  makeSortable(document);
  document.addEventListener("htmx:after:swap", () => makeSortable(document));
})();
