// time
return { a: { toJSON() { for (;;) {} } } };
