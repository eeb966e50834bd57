// A printed address carries its code after "#", which no browser sends and no server logs: put it into
// the field, and out of the address. A second code scanned in the same tab changes only what stands after
// "#", so the page is not loaded again. Without this script the code is typed.
(function () {
  "use strict";
  function take() {
    var field = document.querySelector("input[name=code]"), code = window.location.hash.slice(1);
    if (field && /^[0-9A-Za-z-]{1,40}$/.test(code)) {
      field.value = code;
      window.history.replaceState(null, "", window.location.pathname + window.location.search);
    }
  }
  window.addEventListener("hashchange", take);
  take();
})();
