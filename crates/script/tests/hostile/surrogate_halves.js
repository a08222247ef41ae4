// returns: {"a�":"�x"}
return { "a\uD800": "\uDFFFx" };
