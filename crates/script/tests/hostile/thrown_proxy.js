// thrown
throw new Proxy(new Error("x"), { get() { throw 3; } });
