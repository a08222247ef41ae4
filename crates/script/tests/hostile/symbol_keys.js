// returns: {"a":1}
return { a: 1, [Symbol("b")]: 2, [Symbol.toPrimitive]: () => 3 };
