// time
return (async () => {
  const endless = (async function* () { for (;;) yield 1; })();
  for await (const one of endless) {}
  return {};
})();
