// time
return (async () => { for (;;) { await { then(done) { done(); } }; } })();
