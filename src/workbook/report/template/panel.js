document.querySelectorAll("[data-panel]").forEach((panel) => {
  const data = JSON.parse(panel.querySelector("script").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const columns = new Map(data.columns.map((column) => [column.name,
    { steps: column.steps, at: new Uint16Array(bytes(column.at)) }]));
  const cases = data.columns[data.columns.length - 1].name;
  const exact = data.members && new Int32Array(bytes(data.members.exact));
  const select = (name) => panel.querySelector(`select[name="${name}"]`);
  const levers = data.levers.map(([name, levels]) => ({ name, levels, select: select(name) }));
  const who = data.members && select("member");
  const presets = [...panel.querySelectorAll("[data-preset]")];

  const nothing = levers.map(() => 0);
  const places = () => levers.map((lever) => (lever.select ? lever.levels.indexOf(lever.select.value) : 0));
  const state = (chosen) => chosen.reduce((at, place, i) => at * levers[i].levels.length + place, 0);
  const found = (name, chosen, of) => {
    const column = columns.get(name);
    return data[of][column.at[chosen.reduce((at, place, i) => at + place * column.steps[i], 0)]];
  };
  const text = (name, chosen) => found(name, chosen, "texts");
  const filled = (said, values) => said.replace(/{([a-z_0-9]+):[^}]*}/g, (_, name) => values(name));

  const money = (exactly) => {
    const [from, to, step] = data.members.money.coarse || [Infinity, 0, 1];
    const coarse = Math.abs(exactly) >= from && Math.abs(exactly) < to;
    const yen = coarse ? Math.round(exactly / step) * step : exactly;
    const [, scale, name] = data.members.money.scales.find(([from]) => Math.abs(yen) >= from);
    const value = yen / scale, size = Math.abs(value);
    const decimals = Number.isInteger(value) ? 0 : Math.max(0, 1 - Math.floor(Math.log10(size)));
    const digits = size.toFixed(decimals).replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
    const minus = value < 0 && /[1-9]/.test(digits) ? "\u2212" : "";
    return data.members.money.around.replace("{}", minus + digits + name);
  };

  const tell = (place, said) => { if (place.textContent !== said) place.textContent = said; };
  const tellMember = (chosen) => {
    const at = state(chosen);
    const { by, values, shares, scale } = data.members;
    const level = chosen[levers.findIndex((lever) => lever.name === by)];
    const share = who.value ? shares[who.selectedIndex - 1][level] : 0;
    const part = (name) => money(share * exact[at * values.length + values.indexOf(name)] * scale);
    const said = data.words.member[share === null ? "outside" : ""];
    tell(panel.querySelector(".member"), !who.value ? "" : filled(said,
      (name) => (name === "member" ? who.selectedOptions[0].textContent : part(name))));
  };
  const drawBars = (chosen) => {
    let sum = 0;
    const last = data.bars.length - 1;
    const spans = data.bars.map((name, i) => {
      const from = i === last ? 0 : sum;
      sum = i === last ? sum : sum + found(name, chosen, "numbers");
      return [from, i === last ? found(name, chosen, "numbers") : sum];
    });
    const low = Math.min(0, ...spans.flat()), high = Math.max(0, ...spans.flat());
    const share = (value) => (100 * (value - low)) / (high - low || 1);
    panel.querySelectorAll(".bars li").forEach((item, i) => {
      const [from, to] = spans[i], bar = item.querySelector(".bar");
      bar.style.left = `${share(Math.min(from, to))}%`;
      bar.style.width = `${Math.abs(share(to) - share(from))}%`;
      bar.parentNode.style.setProperty("--nothing", `${share(0)}%`);
      bar.classList.toggle("cost", to < from);
      item.querySelector(".bar-value").textContent = text(data.bars[i], chosen);
    });
  };

  const show = () => {
    const chosen = places();
    tell(panel.querySelector(".answer"), filled(data.words.answer[text(cases, chosen)],
      (name) => (name.startsWith("study_") ? text(name.slice(6), nothing) : text(name, chosen))));
    panel.querySelectorAll(".tiles > div").forEach((tile, i) => {
      const [value, low, high] = data.tiles[i];
      tile.querySelector(".figure").textContent = text(value, chosen);
      tile.querySelector(".range").textContent = low
        ? data.range.replace("{low}", text(low, chosen)).replace("{high}", text(high, chosen)) : "";
    });
    if (data.bars.length) drawBars(chosen);
    if (who) tellMember(chosen);
    presets.forEach((button, i) => button.setAttribute("aria-pressed", String(data.presets[i].join() === chosen.join())));
  };
  const set = (chosen) => levers.forEach((lever, i) => { if (lever.select) lever.select.value = lever.levels[chosen[i]]; });

  const note = () => {
    const moved = levers.filter((lever) => lever.select && lever.select.selectedIndex > 0).map((lever) => [lever.name, lever.select.value]);
    if (who && who.value) moved.push(["member", who.value]);
    const asked = moved.length ? `?${new URLSearchParams(moved)}` : "";
    history.replaceState(null, "", `#${panel.dataset.panel}${asked}`);
  };
  const follow = () => {
    const [anchor, asked] = location.hash.slice(1).split("?");
    if (anchor !== panel.dataset.panel || !asked) return;
    const wanted = new URLSearchParams(asked);
    set(levers.map((lever) => Math.max(0, lever.levels.indexOf(wanted.get(lever.name)))));
    if (who) who.value = wanted.get("member") || "";
    if (who && who.selectedIndex < 0) who.value = "";
    show();
    document.getElementById(anchor).scrollIntoView();
  };
  const change = () => { show(); note(); };

  panel.addEventListener("change", (event) => {
    change();
    if (event.target === who) document.dispatchEvent(new CustomEvent("member", { detail: who.value }));
  });
  document.addEventListener("member", (event) => {
    if (!who || who.value === event.detail) return;
    who.value = event.detail;
    if (who.selectedIndex < 0) who.value = "";
    show();
  });
  presets.forEach((button, i) => button.addEventListener("click", () => { set(data.presets[i]); change(); }));
  panel.querySelector("[data-reset]").addEventListener("click", () => { set(nothing); change(); });
  window.addEventListener("hashchange", follow);
  panel.hidden = false;
  show();
  follow();
});
