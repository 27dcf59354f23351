// The worksheet: a button that prints it, where there is a script to do so.

import "./site.js";

const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
