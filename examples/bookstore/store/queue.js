window.octavo ||= new Proxy(
  { q: [] },
  {
    get: ({ q }, m) =>
      m === 'q'
        ? q
        : (...a) => {
            if (q.length < 100) q.push([new Date().getTime(), m, ...a]);
          },
  },
);
