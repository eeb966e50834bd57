// The words of a clock, renewed each minute. The server wrote them; without this script they
// are simply as old as the page. "d", "h" and "min" are the same in every language of the product.
(function () {
  "use strict";
  var NBSP = "\u00a0";

  function words(milliseconds) {
    var minutes = Math.max(0, Math.floor(milliseconds / 60000));
    var days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24;
    var parts = days ? [[days, "d"], [hours, "h"]] : [[hours, "h"], [minutes % 60, "min"]];
    var said = parts.filter(function (part) { return part[0]; });
    if (!said.length) { said = [[0, "min"]]; }
    return said.map(function (part) { return part[0] + NBSP + part[1]; }).join(" ");
  }

  function renew() {
    document.querySelectorAll("time[data-left]").forEach(function (element) {
      element.textContent = words(new Date(element.getAttribute("datetime")) - Date.now());
    });
  }

  window.setInterval(renew, 60000);

  // An error summary takes the focus, so that a screen reader and the keyboard begin there.
  var summary = document.querySelector(".errsum");
  if (summary) { summary.focus(); }
})();
