// Optional: every page is complete without this file.
(function () {
  "use strict";

  // The page at an old id leads on, and takes along the fragment that names an earlier wording.
  var moved = document.querySelector("[data-moved]");
  if (moved) location.replace(moved.href + location.hash);

  // A button that copies the citation; where the browser offers no clipboard there is none.
  document.querySelectorAll("[data-copy]").forEach(function (text) {
    if (!navigator.clipboard) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy no-print";
    button.textContent = text.dataset.copy;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(text.textContent.trim()).then(function () {
        button.textContent = text.dataset.copied;
      });
    });
    text.after(button);
  });

  // The stylesheet hides facts by status; here the headings of emptied groups go with them, and an address
  // that asks for one status only (#only-confirmed) sets the boxes, where the stylesheet alone would do it.
  var filter = document.querySelector("[data-filter]");
  if (!filter) return;
  var groups = document.querySelectorAll(".year-g");
  var update = function () {
    groups.forEach(function (group) {
      var rows = Array.prototype.slice.call(group.querySelectorAll("[data-st]"));
      group.hidden = rows.length > 0 && rows.every(function (row) {
        var box = document.getElementById("f-" + row.dataset.st);
        return box && !box.checked;
      });
    });
  };
  var pick = function () {
    var only = document.getElementById(location.hash.replace("#only-", "f-"));
    if (only && only.type === "checkbox") filter.querySelectorAll("input").forEach(function (box) {
      box.checked = box === only;
    });
    update();
  };
  document.documentElement.dataset.script = "";
  filter.addEventListener("change", update);
  addEventListener("hashchange", pick);
  pick();
})();
