{
  // a term's meaning opens below the text that holds it, which moves up where there is no room
  let explained;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.term");
    if (!button) return;
    if (explained) explained.classList.remove("explained");
    explained = button.closest("p, li");
    explained.classList.add("explained");
  });
  document.addEventListener("toggle", (event) => {
    if (!explained || event.newState !== "open" || !event.target.matches("[popover]")) return;
    const lacking = explained.getBoundingClientRect().bottom + event.target.offsetHeight + 12 - window.innerHeight;
    if (lacking > 0) window.scrollBy(0, lacking);
  }, true);
}
