// syntax: closes the function
return {}; }); globalThis.x = 1; (function () {
