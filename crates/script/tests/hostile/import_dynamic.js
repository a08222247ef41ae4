// thrown
return (async () => ({ os: Object.keys(await import("os")) }))();
