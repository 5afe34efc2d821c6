// Opened from disk, a page cannot read the others: the search then lists titles without a summary.
if (typeof DOCUMENTATION_OPTIONS !== "undefined" && location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// Paper is white, whatever the screen is.
let screen_theme;
addEventListener("beforeprint", () => {
  screen_theme = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
});
addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = screen_theme;
});

addEventListener("load", () => {
  // What scrolls sideways can be scrolled by keyboard.
  for (const frame of document.querySelectorAll(".fw-formula, .fw-picture")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
  }
  // The theme leaves the title outside every landmark, and its own banner empty.
  document.querySelector("#pst-header:not(:has(*))")?.setAttribute("role", "presentation");
  document.querySelector(".navbar-brand")?.parentElement.setAttribute("role", "banner");
});
