// returns: {"a":[1,2]}
Array.prototype[Symbol.iterator] = function* () { yield "taken"; };
return { a: [1, 2] };
