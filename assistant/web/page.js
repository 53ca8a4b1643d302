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

  const shown = () => document.querySelector("#proof")?.dataset.shown === "true";

  const sidebar = () => document.querySelector("#history");
  const overAll = matchMedia("(max-width: 768px)"); // up to here Gradio's sidebar covers the whole page

  function closeSidebar() {
    const toggle = sidebar()?.querySelector(".toggle-button");
    if (!toggle || !sidebar().classList.contains("open")) return;
    toggle.click();
    toggle.focus();
  }

  // Whether the sidebar is open, for screen readers.
  function tell() {
    sidebar().querySelector(".toggle-button").setAttribute("aria-expanded", String(sidebar().classList.contains("open")));
  }

  function settle() {
    if (!pane()) return;
    const asked = wanted && pane().dataset.turn === wanted.turn;
    const marks = [...pane().querySelectorAll(asked ? `mark[data-marker~="${wanted.marker}"]` : "mark")];
    if (asked) wanted = null;
    if (marks.length) show(marks, Boolean(asked));
    else document.querySelector("#proof").scrollTo({ top: 0 });
  }

  // Light or dark as the system says, until the reader chooses. On the root it holds before there is a body.
  const system = matchMedia("(prefers-color-scheme: dark)");
  function darken() {
    const chosen = localStorage.getItem("dark");
    const on = chosen === null ? system.matches : chosen === "true";
    for (const element of [document.documentElement, document.body]) element?.classList.toggle("dark", on);
    const button = document.querySelector("#dark");
    const other = on ? "Light" : "Dark";
    if (button && button.textContent !== other) button.textContent = other;
  }
  darken();
  system.addEventListener("change", darken);

  // What lies behind the drawer is for closing it.
  document.addEventListener(
    "click",
    (event) => {
      if (!phone.matches || !shown() || event.target.closest?.("#proof")) return;
      event.preventDefault();
      event.stopPropagation();
      drawer(false);
    },
    { capture: true },
  );

  document.addEventListener("click", (event) => {
    // A click without a count is an arrow key, which goes through the list.
    if (event.detail && overAll.matches && event.target.closest?.("#conversations label")) return closeSidebar();
    if (event.target.closest?.("#dark")) {
      localStorage.setItem("dark", String(!document.body.classList.contains("dark")));
      return darken();
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

  // Whether the article is whole or not, its quoted words stay in view.
  document.addEventListener("change", (event) => {
    const mark = event.target.matches(".whole") && event.target.closest(".card").querySelector("mark");
    if (mark) show([mark], false);
  });

  // What opens below the conversation takes its room from the end, where the last answer stands: the end stays in view.
  let atEnd = true;
  const ends = (chat) => chat.scrollHeight - chat.scrollTop - chat.clientHeight < 8;
  const resized = new ResizeObserver(([{ target }]) => {
    if (atEnd) target.scrollTop = target.scrollHeight;
  });
  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (target.matches?.("#chat .bubble-wrap")) atEnd = ends(target);
    },
    { capture: true, passive: true },
  );

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (phone.matches && shown()) drawer(false);
    else closeSidebar();
  });

  // What Gradio's components leave out for screen readers.
  function label() {
    document.querySelector("#chat .examples[role]")?.removeAttribute("role");
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
  }

  // Gradio changes what differs between the old evidence and the new: any change inside means another answer's evidence. What
  // changes beside it, such as Gradio's hidden clock, means nothing.
  const proof = new MutationObserver((changes) => {
    const inside = (change) => (change.target.closest ? change.target : change.target.parentElement)?.closest(".evidence");
    const whole = (change) => [...change.addedNodes].some((node) => node.matches?.(".evidence"));
    if (!changes.some((change) => inside(change) || whole(change))) return;
    // What was ticked by hand would stay so on the next answer's card.
    document.querySelectorAll("#proof .whole").forEach((box) => (box.checked = box.defaultChecked));
    settle();
  });
  let watched = null;
  const opening = new MutationObserver(tell);
  let [told, talked] = [null, null];

  new MutationObserver((changes) => {
    label();
    if (sidebar() && sidebar() !== told) {
      told = sidebar();
      opening.observe(told, { attributes: true, attributeFilter: ["class"] });
      tell();
    }
    darken(); // Gradio sets the body's class by the system alone
    const chat = document.querySelector("#chat .bubble-wrap");
    if (chat && chat !== talked) resized.observe((talked = chat));
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
