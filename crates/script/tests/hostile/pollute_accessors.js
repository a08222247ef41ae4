// returns: {"a":1}
Object.defineProperty(Object.prototype, "b", { get() { return 2; }, enumerable: true });
return { a: 1 };
