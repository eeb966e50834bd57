// A printed address carries its code after "#", which no browser sends and no server logs: put it into
// the field, and out of the address. Without this script the code is typed.
(function () {
  "use strict";
  var field = document.querySelector("input[name=code]"), code = window.location.hash.slice(1);
  if (field && !field.value && /^[0-9A-Za-z-]{1,40}$/.test(code)) {
    field.value = code;
    window.history.replaceState(null, "", window.location.pathname);
  }
})();
