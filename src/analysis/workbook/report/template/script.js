(() => {
  const contents = document.getElementById("contents");
  const wide = window.matchMedia("(min-width: 68em)");
  const fit = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  contents.addEventListener("click", (event) => {
    if (!wide.matches && event.target.closest("a")) contents.open = false;
  });

  const button = document.getElementById("code-switch");
  const code = document.querySelectorAll("details.code, details.code-cell");
  let open = false;
  button.hidden = false;
  button.addEventListener("click", () => {
    open = !open;
    code.forEach((details) => { details.open = open; });
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  });

  const entries = new Map([...contents.querySelectorAll("[data-chapter]")].map((item) => [item.dataset.chapter, item]));
  const mark = (current) => entries.forEach((item, id) => {
    item.classList.toggle("current", id === current);
    const link = item.querySelector("a");
    if (id === current) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  });
  document.documentElement.classList.add("scripted");
  mark(entries.keys().next().value);
  const watcher = new IntersectionObserver((seen) => {
    const shown = seen.filter((entry) => entry.isIntersecting);
    if (shown.length) mark(shown[shown.length - 1].target.id);
  }, { rootMargin: "-20% 0px -75% 0px" });
  entries.forEach((item, id) => watcher.observe(document.getElementById(id)));
})();
