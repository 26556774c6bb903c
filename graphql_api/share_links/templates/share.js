// Puts the secret of a share link into the form, whose field is then hidden: nobody has to read it.
// Takes it out of the address and the history.
// Nothing is sent before the reader presses the button: programs that follow links open nothing.
"use strict";

function take() {
  const secret = location.hash.slice(1);
  if (secret === "" || secret === "content") return;
  const field = document.getElementById("secret");
  field.value = secret;
  field.closest(".field").hidden = true;
  history.replaceState(null, "", location.pathname);
}

document.getElementById("without-script").remove();
addEventListener("hashchange", take);
take();
