// The control room renews itself. The server says only "figures changed"; the page then fetches its
// own board again. Where there is no EventSource, or it fails, the board is fetched every 20 s.
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board || !window.htmx) { return; }
  var POLL = 20000, REST = 1500;
  var last = 0, waiting = null, polling = null;

  function open() {
    return Array.prototype.map.call(board.querySelectorAll("details[open][id]"), function (d) { return d.id; });
  }

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
      });
  }

  // Several roll-ups in a row are one look; pages do not all ask in the same instant.
  function soon() {
    if (waiting === null) { waiting = window.setTimeout(renew, Math.max(0, last + REST - Date.now()) + Math.random() * 150); }
  }

  function poll(on) {
    if (on && polling === null) { polling = window.setInterval(renew, POLL); }
    if (!on && polling !== null) { window.clearInterval(polling); polling = null; }
  }

  if (!window.EventSource) { poll(true); return; }
  var cut = false;
  function listen() {
    var stream = new EventSource(board.dataset.stream);
    stream.addEventListener("figures", soon);
    stream.onopen = function () {
      poll(false);
      if (cut) { cut = false; soon(); }  // what changed meanwhile was not told
    };
    stream.onerror = function () {
      cut = true;
      poll(true);
      // the browser tries again by itself, unless the answer was no stream (signed out, server away)
      if (stream.readyState === EventSource.CLOSED) { window.setTimeout(listen, POLL); }
    };
  }
  listen();
})();
