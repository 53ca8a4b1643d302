// Brings the quoted words into view: when an answer arrives, and when the reader follows one of its markers.
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const phone = matchMedia("(max-width: 899.98px)");
  let wanted = null; // the marker just clicked, as {turn, marker}, until its evidence is on the page

  // The chat and the check have a pane each; the one of the open tab is shown.
  const pane = () => [...document.querySelectorAll("#proof .evidence")].find((found) => found.offsetParent);

  // A quote is in several pieces where a value in it differs.
  function show(marks, flash) {
    const [mark] = marks;
    const scroller = document.querySelector("#proof");
    const middle = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientHeight / 2.5;
    scroller.scrollTo({ top: scroller.scrollTop + middle, behavior: flash && !calm.matches ? "smooth" : "instant" });
    if (!flash) return;
    mark.tabIndex = -1; // so that a screen reader goes on from the quoted words
    mark.focus({ preventScroll: true });
    marks.forEach((piece) => piece.classList.remove("flash"));
    void mark.offsetWidth; // so that a second click starts the animation again
    marks.forEach((piece) => piece.classList.add("flash"));
  }

  let opener = null; // what opened the drawer, to go back to

  function drawer(open) {
    if (open) opener = document.activeElement;
    document.querySelector("#proof").dataset.shown = String(open);
    document.querySelector("#evidence-open")?.setAttribute("aria-expanded", String(open));
    const back = opener?.isConnected && opener !== document.body ? opener : document.querySelector("#evidence-open");
    if (phone.matches) (open ? document.querySelector("#evidence-close") : back)?.focus({ preventScroll: true });
  }

  function settle() {
    if (!pane()) return;
    const asked = wanted && pane().dataset.turn === wanted.turn;
    const marks = [...pane().querySelectorAll(asked ? `mark[data-marker~="${wanted.marker}"]` : "mark")];
    if (asked) wanted = null;
    if (marks.length) show(marks, Boolean(asked));
    else document.querySelector("#proof").scrollTo({ top: 0 });
  }

  // Light or dark as the system says, until the reader chooses.
  const darkness = (on) => {
    document.body.classList.toggle("dark", on);
    const button = document.querySelector("#dark");
    if (button) button.textContent = on ? "Light" : "Dark";
  };
  const chosen = () => localStorage.getItem("dark");
  const system = matchMedia("(prefers-color-scheme: dark)");

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#dark")) {
      const on = !document.body.classList.contains("dark");
      localStorage.setItem("dark", String(on));
      return darkness(on);
    }
    if (event.target.closest?.("#evidence-open")) return drawer(true);
    if (event.target.closest?.("#evidence-close")) return drawer(false);
    const edit = event.target.closest?.('a[href="#edit"]');
    if (edit) {
      event.preventDefault();
      const box = document.querySelector("#question textarea");
      box.focus();
      box.select();
      // As if typed: what stood in the box comes back with Ctrl+Z.
      document.execCommand("insertText", false, edit.title.replace(/^Edit: /, ""));
      return;
    }
    const link = event.target.closest?.('a[href^="#cite-"]');
    if (!link) return;
    event.preventDefault();
    const [, turn, marker] = link.getAttribute("href").match(/^#cite-(\w+)-(\d+)$/) ?? [];
    wanted = { turn, marker };
    if (phone.matches) drawer(true);
    // Where the pane shows this turn already no new evidence will arrive; else the click on the message asks the server for it.
    if (pane()?.dataset.turn === turn) settle();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector("#proof")?.dataset.shown === "true") drawer(false);
  });

  // What Gradio's components leave out for screen readers.
  function label() {
    document.querySelector("#chat .examples[role]")?.removeAttribute("role");
    document.querySelectorAll("#filter .timebox .time:not([aria-label])").forEach((field) => {
      field.setAttribute("aria-label", field.closest(".block").querySelector("[data-testid='block-info']").textContent.trim());
    });
    // Gradio's own is the message as Markdown.
    document.querySelectorAll('#chat :is([data-testid="user"], [data-testid="bot"])').forEach((message) => {
      const words = [...message.querySelectorAll("p")].map((paragraph) => paragraph.textContent.trim()).join(" ");
      const named = `${message.dataset.testid === "user" ? "Question" : "Answer"}: ${words}`;
      if (message.getAttribute("aria-label") !== named) message.setAttribute("aria-label", named);
    });
    const copying = document.querySelector("#copying:not([role])");
    copying?.setAttribute("role", "group");
    copying?.setAttribute("aria-label", "Copy the answer as");
    const total = document.querySelector("#verdicts .total")?.textContent ?? "";
    const spoken = document.querySelector("#spoken");
    if (spoken && spoken.textContent !== total) spoken.textContent = total;
    document.querySelectorAll("#filter .calendar:not([aria-label])").forEach((button) => button.setAttribute("aria-label", "Calendar"));
  }

  // Gradio changes what differs between the old evidence and the new: any change inside means another answer's evidence. What
  // changes beside it, such as Gradio's hidden clock, means nothing.
  const proof = new MutationObserver((changes) => {
    const inside = (change) => (change.target.closest ? change.target : change.target.parentElement)?.closest(".evidence");
    const whole = (change) => [...change.addedNodes].some((node) => node.matches?.(".evidence"));
    if (changes.some((change) => inside(change) || whole(change))) settle();
  });
  let watched = null;

  new MutationObserver((changes) => {
    label();
    if (changes.some((change) => [...change.addedNodes].some((node) => node.querySelector?.("#dark")))) {
      darkness(chosen() === null ? system.matches : chosen() === "true");
    }
    const now = document.querySelector("#proof");
    if (!now || now === watched) return;
    watched = now;
    proof.observe(now, { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ["data-turn"] });
    settle();
  }).observe(document.documentElement, { childList: true, subtree: true });

  let shared = ""; // the key of the shared conversation that is read

  // Called by the page's buttons with text from the server.
  window.newsPage = {
    // Whether it is copied; without https the browser has no clipboard for scripts, and the old way may do.
    async copy(text) {
      if (!text) return false;
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const box = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text, className: "unseen" }));
        box.select();
        const done = document.execCommand("copy");
        box.remove();
        return done;
      }
    },
    // Which shared conversation is read. Whoever leaves it comes back to their own when the page is loaded anew.
    at(key) {
      if (!key && shared) history.replaceState(null, "", location.pathname);
      shared = key;
    },
    // The file is named after the heading, without what a file name cannot hold.
    save(text) {
      const title = text.match(/^# (.*)/)?.[1].replace(/\\(.)/g, "$1") ?? "";
      const name = title.replace(/[\s\\/:*?"<>|\p{Cc}]+/gu, " ").replace(/^[. ]+|[. ]+$/g, "");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
      link.download = `${name || "conversation"}.md`;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  };
})();
