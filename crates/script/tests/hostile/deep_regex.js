// thrown|syntax|returns
return { ok: new RegExp("(".repeat(100000) + ")".repeat(100000)).test("x") };
