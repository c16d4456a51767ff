(() => {
  const contents = document.getElementById("contents");
  const wide = window.matchMedia("(min-width: 68em)");
  const fit = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  contents.addEventListener("click", (event) => {
    if (!wide.matches && event.target.closest("a")) contents.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wide.matches || !contents.open) return;
    contents.open = false;
    contents.querySelector("summary").focus();
  });

  // a link to a folded list leads into it
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details")) target.open = true;
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  const button = document.getElementById("code-switch");
  const code = document.querySelectorAll("details.code, details.code-cell");
  let open = false;
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      open = !open;
      code.forEach((details) => { details.open = open; });
      [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
    });
  }

  const entries = new Map([...contents.querySelectorAll("[data-chapter]")].map((item) => [item.dataset.chapter, item]));
  const reading = document.getElementById("reading");
  const mark = (current) => entries.forEach((item, id) => {
    const link = item.querySelector("a");
    item.classList.toggle("current", id === current);
    if (id === current) {
      link.setAttribute("aria-current", "location");
      reading.textContent = link.textContent;
    } else {
      link.removeAttribute("aria-current");
    }
  });
  document.documentElement.classList.add("scripted");
  mark(entries.keys().next().value);
  const watcher = new IntersectionObserver((seen) => {
    const shown = seen.filter((entry) => entry.isIntersecting);
    if (shown.length) mark(shown[shown.length - 1].target.id);
  }, { rootMargin: "-20% 0px -75% 0px" });
  entries.forEach((item, id) => watcher.observe(document.getElementById(id)));
})();
