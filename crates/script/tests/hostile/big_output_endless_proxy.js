// output
return { list: new Proxy([], { get: (_, name) => (name === "length" ? 4e9 : name === "toJSON" ? undefined : 1) }) };
