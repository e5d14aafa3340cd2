// What htmx is not told by attributes: where the reader is after a swap, and what is said to those
// who can't see it. Without this file, and without htmx, every link and form works all the same.
(() => {
  const one = (id) => document.getElementById(id);
  const tell = (text) => { one("told").textContent = text; };
  const on = (name, act) => document.addEventListener(`htmx:${name}`, (event) => act(event.detail, event));
  let shown = 0;
  let filtering = false;

  // Until htmx is there, the browser would go back and forth by the address alone and leave the list
  // of the page before under it. htmx takes over what is here, and does the same.
  window.onpopstate = ({ state }) => { if (state?.htmx) location.reload(); };

  on("beforeRequest", ({ target }) => {
    shown = document.querySelectorAll(".story").length;
    filtering = one("filters")?.open;
    if (target.id === "answer") tell("The question is running.");
  });

  on("beforeSwap", (detail, event) => {
    const { xhr, target, pathInfo } = detail;
    const whole = target.id !== "note";
    detail.isError = false;
    detail.shouldSwap = whole ? xhr.responseText.includes(`id="${target.id}"`) : xhr.status === 286;
    if (whole && !detail.shouldSwap) {
      event.preventDefault();
      location.assign(pathInfo.finalRequestPath);
    }
  });

  on("afterRequest", ({ target, requestConfig, xhr }) => {
    if (!xhr.status) return;
    if (target.id === "more") {
      joinDays();
      document.querySelectorAll(".story")[shown]?.querySelector("a").focus({ preventScroll: true });
    } else if (target.id === "stories") {
      if (filtering) one("filters").open = true;
      const lost = document.activeElement === document.body || requestConfig.elt.tagName === "FORM";
      if (lost) one("stories").querySelector("h1").focus({ preventScroll: true });
      tell(one("stories").querySelector(".sum").textContent);
    } else if (target.id === "answer") {
      tell(one("answer").querySelector("h2")?.textContent ?? "");
    }
  });

  on("sendAbort", ({ target }) => { if (target.id === "answer") tell("Cancelled."); });
  on("sendError", ({ target }) => {
    if (target.id !== "note") one("note").textContent = "The desk does not answer. Try again.";
  });

  document.addEventListener("click", ({ target }) => {
    if (target.id !== "cancel") return;
    htmx.trigger("#question", "htmx:abort");
    one("sql").focus();
  });

  // A day that goes on after "Older stories" keeps one heading.
  function joinDays() {
    let last;
    for (const day of document.querySelectorAll(".day")) {
      const moment = day.querySelector("time[datetime]")?.dateTime;
      if (last && moment === last.moment) {
        last.day.querySelector("ol").append(...day.querySelectorAll(".story"));
        day.remove();
      } else {
        last = { day, moment };
      }
    }
  }
})();
