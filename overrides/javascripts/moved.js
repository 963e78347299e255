// On the page left at an old address: a redirect without a server loses what stands after the #, so this carries it on.
"use strict";
const there = document.querySelector("a[data-moved]");
if (there) location.replace(there.href + location.hash);
