// returns: {"a\u0000b":1}
return { "a\0b": 1 };
