// time
return { match: /^(a+)+$/.test("a".repeat(40) + "!") };
