// The control room renews itself. The server says only "figures changed"; the page then fetches its
// own board again. Where there is no EventSource, or it fails, the board is fetched every 20 s.
// A board that cannot be fetched is said so, with the hour of the figures that stand there.
(function () {
  "use strict";
  var board = document.getElementById("board"), says = document.getElementById("live");
  if (!board || !says || !window.htmx) { return; }
  var POLL = 20000, REST = 1500, SILENCE = 40000, PATIENCE = 10000, REMINDER = 60000;
  var last = 0, waiting = null, polling = null, cut = false, since = null, lost = false;
  window.htmx.config.timeout = PATIENCE;

  function open() {
    return Array.prototype.map.call(board.querySelectorAll("details[open][id]"), function (d) { return d.id; });
  }

  function nothing() {}

  function renew() {
    waiting = null;
    last = Date.now();
    var kept = open();
    window.htmx.ajax("GET", board.dataset.board + window.location.search, { target: "#board", swap: "innerHTML" })
      .then(function () {
        kept.forEach(function (id) {
          var details = document.getElementById(id);
          if (details) { details.open = true; }
        });
      }, nothing);
  }

  // Several roll-ups in a row are one look; pages do not all ask in the same instant.
  function soon() {
    if (waiting === null) { waiting = window.setTimeout(renew, Math.max(0, last + REST - Date.now()) + Math.random() * 150); }
  }

  function poll(on) {
    if (on && polling === null) { polling = window.setInterval(renew, POLL); }
    if (!on && polling !== null) { window.clearInterval(polling); polling = null; }
  }

  // "15:42", by the clock of the installation, as every hour of the page.
  function hour(when) {
    var parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    try {
      return when.toLocaleTimeString("en-GB", Object.assign({ timeZone: board.dataset.zone }, parts));
    } catch (unknown) {
      return when.toLocaleTimeString("en-GB", parts);
    }
  }

  function figuresOf() {
    var shown = document.querySelector("#updated time");
    return shown ? hour(new Date(shown.getAttribute("datetime"))) : "";
  }

  function say(sentence, at) {
    says.textContent = sentence.replace("{hour}", hour(at)).replace("{figures}", figuresOf());
  }

  function failed() {
    if (lost) { return; }
    lost = true;
    says.classList.add("alarm");
    say(says.dataset.lost, since || new Date());
  }

  function answered() {
    since = null;
    if (!lost) { return; }
    lost = false;
    says.classList.remove("alarm");
    say(says.dataset.back, new Date());
    var said = says.textContent;
    window.setTimeout(function () { if (says.textContent === said) { says.textContent = ""; } }, REMINDER);
  }

  document.body.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.target === board) { (event.detail.successful ? answered : failed)(); }
  });
  // signed out meanwhile: the answer is the sign-in page, which belongs in the window and not in the board
  document.body.addEventListener("htmx:beforeSwap", function (event) {
    var from = event.detail.xhr.responseURL;
    if (event.detail.target === board && from && from.indexOf(board.dataset.board) < 0) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
  window.addEventListener("offline", function () { since = since || new Date(); renew(); });
  window.addEventListener("online", renew);

  if (!window.EventSource) { poll(true); return; }
  function listen() {
    var stream = new EventSource(board.dataset.stream), silent = null;
    function heard() {
      window.clearTimeout(silent);
      silent = window.setTimeout(function () { stream.close(); gone(); }, SILENCE);
    }
    function gone() {
      window.clearTimeout(silent);
      since = since || new Date();
      if (!cut) { cut = true; soon(); }  // a stream that ends by itself is no loss: the board answers
      poll(true);
      // the browser tries again by itself, unless the answer was no stream (signed out, server away)
      if (stream.readyState === EventSource.CLOSED) { window.setTimeout(listen, POLL); }
    }
    stream.addEventListener("figures", function () { heard(); soon(); });
    stream.addEventListener("alive", heard);
    stream.onopen = function () {
      heard();
      poll(false);
      if (cut) { cut = false; soon(); }  // what changed meanwhile was not told
    };
    stream.onerror = gone;
    heard();
  }
  listen();
})();
