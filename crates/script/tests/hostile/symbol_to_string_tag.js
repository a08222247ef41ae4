// not json: `a` in the script's result is a Map
const map = new Map();
map[Symbol.toStringTag] = "Object";
return { a: map };
