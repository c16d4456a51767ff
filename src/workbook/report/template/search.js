{
  const search = document.querySelector(".search");
  if (search) {
    const [field, status, list] = ["input", "[role=status]", ".found"].map((part) => search.querySelector(part));
    const japanese = document.documentElement.lang === "ja";
    const plain = (text) => text.normalize("NFKC").toLowerCase();
    const words = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const index = JSON.parse(search.querySelector("script").textContent).map(([kind, text, address]) => {
      const said = `${kind} ${text}`;
      return { kind, text, address, whole: plain(said), words: words(said) };
    });
    // Japanese has no gaps between words: a piece of a text is enough; elsewhere a word begins so
    const holds = (entry, word) => (japanese ? entry.whole.includes(word)
      : entry.words.some((own) => own.startsWith(word)));
    const line = ({ kind, text, address }) => {
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement("a"));
      link.href = address;
      if (kind) link.appendChild(document.createElement("b")).textContent = kind;
      link.append(text.length > 100 ? `${text.slice(0, 100)}…` : text);
      return item;
    };
    const look = () => {
      const asked = words(field.value);
      const found = asked.length ? index.filter((entry) => asked.every((word) => holds(entry, word))) : [];
      list.replaceChildren(...found.map(line));
      const { some, none } = status.dataset;
      status.textContent = asked.length ? (found.length ? some : none).replace("{n}", found.length) : "";
    };
    search.hidden = false;
    field.addEventListener("input", look);
    field.addEventListener("keydown", (event) => {
      const first = list.querySelector("a");
      if (first && (event.key === "ArrowDown" || event.key === "Enter")) {
        event.preventDefault();
        if (event.key === "Enter") first.click();
        else first.focus();
      }
      if (event.key === "Escape" && field.value) {
        event.stopPropagation();
        field.value = "";
        look();
      }
    });
    list.addEventListener("keydown", (event) => {
      const to = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (!to) return;
      event.preventDefault();
      const next = event.target.parentNode[to];
      (next ? next.firstChild : to === "previousElementSibling" ? field : event.target).focus();
    });
  }
}
