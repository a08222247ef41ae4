// thrown
return { list: JSON.parse("[".repeat(1e6)) };
