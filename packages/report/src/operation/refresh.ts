/**
 * Reloads the page after a minute, unless it is in use (a selection, keyboard focus) or hidden, and counts down the holds. It requests
 * nothing but the page itself.
 */
export const refreshScript = `
(function () {
  var busy = function () { return document.hidden || String(getSelection()) !== "" || document.activeElement !== document.body; };
  setTimeout(function again() { if (busy()) setTimeout(again, 5000); else location.reload(); }, 60000);
  var held = document.querySelectorAll("[data-until]");
  setInterval(function () {
    held.forEach(function (one) {
      var left = Math.max(0, Math.ceil((Number(one.dataset.until) - Date.now()) / 1000));
      one.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
    });
  }, 1000);
})();
`;
