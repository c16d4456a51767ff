{
  const boxes = [...document.querySelectorAll("[data-members]")].map((box) => ({
    select: box.querySelector("select"),
    pages: [...box.querySelectorAll("[data-page]")],
  }));
  const rows = document.querySelectorAll("[data-member]");
  const texts = document.querySelectorAll(".picture svg text");
  const leads = document.querySelector("[data-leads]");
  let chosen = "";

  const mark = (code, name) => {
    rows.forEach((row) => row.classList.toggle("own-member", code !== "" && row.dataset.member === code));
    texts.forEach((text) => text.classList.toggle("own-member", name !== "" && text.textContent.trim() === name));
  };
  const choose = (code) => {
    if (code === chosen) return;
    chosen = code;
    let name = "";
    let at = "";
    boxes.forEach(({ select, pages }) => {
      select.value = code;
      pages.forEach((page) => {
        page.open = page.dataset.page === code;
        if (page.open) {
          name = page.querySelector("summary").textContent;
          at = page.querySelector("section").id;
        }
      });
    });
    mark(code, name);
    if (leads) {
      const link = leads.parentNode.querySelector("a");
      leads.value = at;
      link.hidden = !at;
      link.hash = at;
    }
    document.dispatchEvent(new CustomEvent("member", { detail: code }));
  };
  const follow = () => {
    const at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const page = at && at.closest("[data-page]");
    if (!page) return;
    choose(page.dataset.page);
    const heading = at.querySelector("h4");
    heading.focus({ preventScroll: true });
    heading.scrollIntoView();
    // what a choice changes above it is laid out by the next frame
    requestAnimationFrame(() => heading.scrollIntoView());
  };

  boxes.forEach(({ select, pages }) => {
    select.parentNode.hidden = false;
    select.addEventListener("change", () => {
      const page = pages.find((one) => one.dataset.page === select.value);
      choose(select.value);
      if (page) history.replaceState(null, "", `#${page.querySelector("section").id}`);
    });
    pages.forEach((page) => page.addEventListener("toggle", () => {
      if (page.open) choose(page.dataset.page);
      else if (chosen === page.dataset.page) choose("");
    }));
  });
  if (leads) {
    leads.parentNode.hidden = false;
    leads.parentNode.previousElementSibling.hidden = true;
    leads.addEventListener("change", () => {
      const page = document.getElementById(leads.value);
      choose(page ? page.closest("[data-page]").dataset.page : "");
    });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const page = link && link.hash === location.hash && document.querySelector(link.hash);
    if (!page || !page.closest("[data-page]")) return;
    event.preventDefault(); // else the browser takes the focus away from the heading
    follow();
  });
  document.addEventListener("member", (event) => { if (boxes.length) choose(event.detail); });
  window.addEventListener("hashchange", follow);
  window.addEventListener("load", follow);
  follow();
}
