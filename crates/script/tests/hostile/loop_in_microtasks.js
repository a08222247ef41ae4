// time
return new Promise(() => { const again = () => { Promise.resolve().then(again); }; again(); });
